namespace SegNeXt.Torch.Tests;

public sealed class CustomFunctionTests : TorchTest
{
    [Fact]
    public void Apply_Product_HasTheGradientsThatBackwardGives()
    {
        AssertGradients(static v => new Product().Apply(v[0], v[1])[0], Draws(1, 3, 4), Draws(2, 3, 4));

        Tensor x = Doubles([3], 1).RequiresGrad_(), y = Doubles([5], 1).RequiresGrad_();
        (new Product().Apply(x, y)[0] * 2).Backward();
        AssertClose([10], x.Grad!);
        AssertClose([6], y.Grad!);
    }

    [Fact]
    public void Apply_TwoOutputs_GetZerosForTheOneThatIsNotUsed()
    {
        Tensor x = Doubles([2, 3], 2).RequiresGrad_();

        Tensor[] outputs = new SquareAndCube().Apply(x);
        Assert.True(outputs[0].RequiresGrad);
        outputs[1].Sum().Backward();

        AssertClose([12, 27], x.Grad!);
    }

    [Fact]
    public void Apply_NothingToLearn_RecordsNothing()
    {
        Tensor x = Doubles([2], 1), y = Doubles([3], 1);

        Assert.False(new Product().Apply(x, y)[0].RequiresGrad);
        x.RequiresGrad_();
        using (Autograd.NoGrad())
        {
            Assert.False(new Product().Apply(x, y)[0].RequiresGrad);
        }

        Product once = new();
        once.Apply(x, y)[0].Backward();
        Assert.Equal([true, false], once.Asked);
        AssertClose([3], x.Grad!);
        Assert.Null(y.Grad);
    }

    [Fact]
    public void Apply_InputAsOutput_IsANewObject()
    {
        Tensor x = Doubles([2], 1).RequiresGrad_();

        Tensor same = new Identity().Apply(x)[0];
        (same * 3).Backward();

        Assert.NotSame(x, same);
        AssertClose([3], x.Grad!);
    }

    [Fact]
    public void Backward_NullForAnInput_IsZero()
    {
        Tensor x = Doubles([2], 1).RequiresGrad_();

        (new Blocked().Apply(x)[0] + x).Backward();

        AssertClose([1], x.Grad!);
    }

    [Fact]
    public void Backward_Exception_ComesOutAsItWas()
    {
        Tensor x = Doubles([2], 1).RequiresGrad_();
        InvalidDataException thrown = new("on purpose");

        Assert.Same(thrown, Assert.Throws<InvalidDataException>(() => new Failing(thrown).Apply(x)[0].Backward()));

        // libtorch is as usable as before.
        (x * 3).Backward();
        AssertClose([3], x.Grad!);
    }

    [Fact]
    public void Backward_ExceptionInsideAnInnerPass_ComesOutAsItWas()
    {
        Tensor x = Doubles([2], 1).RequiresGrad_();
        InvalidDataException thrown = new("on purpose");
        Outer outer = new(inner => new Failing(thrown).Apply(inner)[0]);

        Assert.Same(thrown, Assert.Throws<InvalidDataException>(() => outer.Apply(x)[0].Backward()));
    }

    [Fact]
    public void Backward_WrongNumberOfGradients_SaysSo()
    {
        Tensor x = Doubles([2], 1).RequiresGrad_();

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => new Miscounting().Apply(x)[0].Backward());

        Assert.Equal("Miscounting.Backward gave 2 gradients for 1 inputs.", error.Message);
    }

    [Fact]
    public void Backward_SavedTensorChangedMeanwhile_Throws()
    {
        Tensor x = Doubles([2], 1).RequiresGrad_(), factor = Doubles([3], 1);
        Tensor y = new Product().Apply(x, factor)[0];

        factor.Add_(1);

        TorchException error = Assert.Throws<TorchException>(y.Backward);
        Assert.Contains("modified by an inplace operation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_GraphKept_RunsAgain()
    {
        Tensor x = Doubles([3], 1).RequiresGrad_(), y = Doubles([5], 1).RequiresGrad_();
        Tensor product = new Product().Apply(x, y)[0];

        product.Backward(null, retainGraph: true);
        product.Backward();

        AssertClose([10], x.Grad!);
        Assert.Throws<TorchException>(product.Backward);
    }

    [Fact]
    public void Apply_ManyTimes_LeavesNothingBehind()
    {
        // What other tests have left to the finalizer is gone first.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = TorchRuntime.LiveTensors;
        List<WeakReference> functions = [];
        for (int i = 0; i < 50; i++)
        {
            functions.Add(Use(i));
        }

        Assert.Equal(before, TorchRuntime.LiveTensors);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.DoesNotContain(functions, static function => function.IsAlive);
    }

    // A graph that is run, dropped without a run, failing, and one whose output is saved by itself.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference Use(int i)
    {
        using TensorScope scope = new();
        Tensor x = Doubles([2, 3], 2).RequiresGrad_();
        CustomFunction function = (i % 4) switch
        {
            0 => new SquareAndCube(),
            1 => new Exponential(),
            2 => new Failing(new InvalidDataException()),
            _ => new Miscounting(),
        };
        Tensor sum = function.Apply(x)[0].Sum();
        if (i % 4 >= 2)
        {
            Assert.ThrowsAny<Exception>(sum.Backward);
        }
        else if (i % 8 < 4)
        {
            sum.Backward();
        }

        return new WeakReference(function);
    }

    private sealed class Product : CustomFunction
    {
        public bool[] Asked { get; private set; } = [];

        protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs)
        {
            Assert.False(Autograd.Enabled);
            context.SaveForBackward(inputs[0], inputs[1]);
            return [inputs[0] * inputs[1]];
        }

        protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients)
        {
            Assert.False(Autograd.Enabled);
            Asked = [context.NeedsGradient(0), context.NeedsGradient(1)];
            return [gradients[0] * context.Saved[1], gradients[0] * context.Saved[0]];
        }
    }

    private sealed class SquareAndCube : CustomFunction
    {
        protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs)
        {
            context.SaveForBackward(inputs[0]);
            return [inputs[0].Pow(2), inputs[0].Pow(3)];
        }

        protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients) =>
            [(gradients[0] * context.Saved[0] * 2) + (gradients[1] * context.Saved[0].Pow(2) * 3)];
    }

    // Saves its own output, which must not keep itself alive.
    private sealed class Exponential : CustomFunction
    {
        protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs)
        {
            Tensor y = inputs[0].Exp();
            context.SaveForBackward(y);
            return [y];
        }

        protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients) =>
            [gradients[0] * context.Saved[0]];
    }

    private sealed class Identity : CustomFunction
    {
        protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs) => [inputs[0]];

        protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients) => [gradients[0]];
    }

    private sealed class Blocked : CustomFunction
    {
        protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs) => [inputs[0] * 2];

        protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients) => [null];
    }

    private sealed class Failing(Exception error) : CustomFunction
    {
        protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs) => [inputs[0] * 2];

        protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients) => throw error;
    }

    private sealed class Miscounting : CustomFunction
    {
        protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs) => [inputs[0] * 2];

        protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients) => [gradients[0], gradients[0]];
    }

    // Runs a backward pass inside the backward pass.
    private sealed class Outer(Func<Tensor, Tensor> inner) : CustomFunction
    {
        protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs) => [inputs[0] * 2];

        protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients)
        {
            using GradMode grad = Autograd.EnableGrad();
            Tensor x = gradients[0].Detach().RequiresGrad_();
            return Autograd.Grad(inner(x), [x]);
        }
    }
}
