namespace SegNeXt.Torch.Tests;

public sealed class AutogradTests : TorchTest
{
    [Fact]
    public void Backward_Square_GivesTwiceX()
    {
        Tensor x = Doubles([1, -2, 3], 3).RequiresGrad_();

        (x * x).Sum().Backward();

        AssertClose([2, -4, 6], x.Grad!);
    }

    [Fact]
    public void Backward_Twice_AddsUpUntilCleared()
    {
        Tensor x = Doubles([1], 1).RequiresGrad_();

        x.Sum().Backward();
        x.Sum().Backward();
        AssertClose([2], x.Grad!);

        x.ClearGrad();
        Assert.Null(x.Grad);
    }

    [Fact]
    public void Backward_WithGradient_IsWeighted()
    {
        Tensor x = Doubles([1, 2], 2).RequiresGrad_();

        (x * 3).Backward(Doubles([1, 10], 2));

        AssertClose([3, 30], x.Grad!);
    }

    [Fact]
    public void Backward_SecondPass_NeedsTheGraphRetained()
    {
        Tensor x = Doubles([2], 1).RequiresGrad_();
        Tensor y = x.Exp().Sum();

        y.Backward(null, retainGraph: true);
        y.Backward();

        Assert.Throws<TorchException>(() => y.Backward());
    }

    [Fact]
    public void Backward_ManyElements_ThrowsWithLibtorchsText()
    {
        TorchException error = Assert.Throws<TorchException>(() => (Doubles([1, 2], 2).RequiresGrad_() * 2).Backward());

        Assert.Equal("grad can be implicitly created only for scalar outputs", error.Message);
    }

    [Fact]
    public void NoGrad_Inside_RecordsNothing()
    {
        Tensor x = Doubles([1], 1).RequiresGrad_();

        using (Autograd.NoGrad())
        {
            Assert.False(Autograd.Enabled);
            Assert.False((x * 2).RequiresGrad);
            using (Autograd.EnableGrad())
            {
                Assert.True((x * 2).RequiresGrad);
            }

            Assert.False(Autograd.Enabled);
        }

        Assert.True(Autograd.Enabled);
        Assert.True((x * 2).RequiresGrad);
        Assert.False((x * 2).Detach().RequiresGrad);
    }

    [Fact]
    public void Grad_Inputs_LeaveLeavesAlone()
    {
        Tensor x = Doubles([3], 1).RequiresGrad_(), y = Doubles([5], 1).RequiresGrad_();

        Tensor[] gradients = Autograd.Grad((x * x * y).Sum(), [x, y]);

        AssertClose([30], gradients[0]);
        AssertClose([9], gradients[1]);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void Grad_CreateGraph_GivesSecondDerivatives()
    {
        Tensor x = Doubles([3], 1).RequiresGrad_();

        Tensor first = Autograd.Grad((x * x * x).Sum(), [x], createGraph: true)[0];

        AssertClose([18], Autograd.Grad(first.Sum(), [x])[0]);
    }

    [Fact]
    public void Grad_UnusedInput_Throws()
    {
        Tensor x = Doubles([3], 1).RequiresGrad_(), y = Doubles([5], 1).RequiresGrad_();

        Assert.Throws<TorchException>(() => Autograd.Grad(x.Sum(), [x, y]));
    }

    [Fact]
    public void GradOrNull_UnusedInput_IsNull()
    {
        Tensor x = Doubles([3], 1).RequiresGrad_(), y = Doubles([5], 1).RequiresGrad_();

        Tensor?[] gradients = Autograd.GradOrNull(x.Sum(), [x, y]);

        AssertClose([1], gradients[0]!);
        Assert.Null(gradients[1]);
    }
}
