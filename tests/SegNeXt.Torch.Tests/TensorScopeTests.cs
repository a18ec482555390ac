namespace SegNeXt.Torch.Tests;

public sealed class TensorScopeTests
{
    [Fact]
    public void Dispose_Scope_FreesWhatWasCreatedInIt()
    {
        long before = CountLive();
        using (TensorScope scope = new())
        {
            Tensor x = Tensor.Ones([2]) + 1;
            _ = (x * x).Exp();
            Assert.Equal(before + 4, CountLive());
        }

        Assert.Equal(before, CountLive());
    }

    [Fact]
    public void Dispose_ScopeWithGraph_FreesTheGraphToo()
    {
        long before = CountLive();
        Tensor weight = Tensor.Ones([3]).RequiresGrad_();
        for (int i = 0; i < 5; i++)
        {
            using TensorScope scope = new();
            (weight * 2).Sum().Backward();
        }

        Assert.Equal(before + 1, CountLive());
        weight.Dispose();
        Assert.Equal(before, CountLive());
    }

    [Fact]
    public void KeepAlive_InnerScope_MovesOneScopeOut()
    {
        Tensor kept;
        using (TensorScope outer = new())
        {
            using (TensorScope inner = new())
            {
                kept = Tensor.Ones([2]).KeepAlive();
            }

            Assert.Equal([1f, 1f], kept.ToArray<float>());
        }

        Assert.Throws<ObjectDisposedException>(() => kept.Handle);
    }

    [Fact]
    public void Keep_OutermostScope_LeavesAllScopes()
    {
        Tensor kept;
        using (TensorScope scope = new())
        {
            kept = scope.Keep(Tensor.Ones([2]));
        }

        Assert.Equal([1f, 1f], kept.ToArray<float>());
        kept.Dispose();
    }

    [Fact]
    public void Keep_TensorOfAnotherScope_Throws()
    {
        using TensorScope outer = new();
        Tensor x = Tensor.Ones([2]);
        using TensorScope inner = new();

        Assert.Throws<ArgumentException>(() => inner.Keep(x));
    }

    [Fact]
    public void Dispose_OutOfOrder_Throws()
    {
        TensorScope outer = new();
        TensorScope inner = new();

        Assert.Throws<InvalidOperationException>(outer.Dispose);

        inner.Dispose();
        outer.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void Dispose_OtherThread_Throws()
    {
        using TensorScope scope = new();
        Exception? caught = null;
        Thread thread = new(() => caught = Record.Exception(scope.Dispose));
        thread.Start();
        thread.Join();

        Assert.IsType<InvalidOperationException>(caught);
    }

    [Fact]
    public void Scope_OtherThreadsTensors_AreNotItsOwn()
    {
        using TensorScope scope = new();
        Tensor? foreign = null;
        Tensor own = Tensor.Ones([1]);
        Exception? caught = null;
        Thread thread = new(() =>
        {
            foreign = Tensor.Ones([1]);
            caught = Record.Exception(() => own.KeepAlive());
        });
        thread.Start();
        thread.Join();

        Assert.Null(foreign!.Scope);
        Assert.IsType<InvalidOperationException>(caught);
        foreign.Dispose();
    }

    [Fact]
    public void Dispose_TensorOnOtherThread_IsHarmless()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Ones([1]);
        Thread thread = new(x.Dispose);
        thread.Start();
        thread.Join();

        Assert.Throws<ObjectDisposedException>(() => x.Handle);
    }

    [Fact]
    public void Dispose_TensorsInAnyOrder_LeavesTheScopeSound()
    {
        long before = CountLive();
        using (TensorScope scope = new())
        {
            Tensor[] tensors = [.. Enumerable.Range(0, 10).Select(static i => Tensor.Scalar(i))];
            foreach (int i in (int[])[3, 9, 8, 0, 5])
            {
                tensors[i].Dispose();
                tensors[i].Dispose();
            }

            _ = Tensor.Scalar(10);
            Assert.Equal(before + 6, CountLive());
            Assert.Equal(7, tensors[7].Item());
        }

        Assert.Equal(before, CountLive());
    }

    [Fact]
    public void Finalizer_ForgottenTensor_IsFreed()
    {
        long before = CountLive();
        Forget();

        Assert.Equal(before, CountLive());

        // In a method of its own, so that no local of this one keeps the tensors.
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget()
        {
            for (int i = 0; i < 10; i++)
            {
                _ = Tensor.Ones([10]);
            }
        }
    }

    [Fact]
    public void Failure_InAScope_LeavesNoHandle()
    {
        long before = CountLive();
        using (TensorScope scope = new())
        {
            Tensor x = Tensor.Ones([2, 3]);
            for (int i = 0; i < 10; i++)
            {
                Assert.Throws<TorchException>(() => x.MatMul(x));
            }

            Assert.Equal(before + 1, CountLive());
        }

        Assert.Equal(before, CountLive());
    }

    // Tensors that earlier tests dropped may still wait for their finalizers.
    private static long CountLive()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return TorchRuntime.LiveTensors;
    }
}
