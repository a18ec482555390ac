namespace SegNeXt.Torch.Tests;

public sealed class LayerTests : TorchTest
{
    [Fact]
    public void Conv2d_Shapes_FollowTheGeometry()
    {
        using Conv2d square = new(4, 6, kernel: 3, stride: 2, padding: 1, groups: 2);
        using Conv2d strip = new(4, 4, (1, 7), padding: (0, 3), groups: 4, bias: false);
        Tensor x = Tensor.Zeros([2, 4, 9, 8]);

        Assert.Equal([6L, 2, 3, 3], square.Weight.Shape);
        Assert.Equal([2L, 6, 5, 4], square.Forward(x).Shape);
        Assert.Equal([4L, 1, 1, 7], strip.Weight.Shape);
        Assert.Equal([2L, 4, 9, 8], strip.Forward(x).Shape);
        Assert.Null(strip.Bias);
        Assert.Equal(["weight"], strip.NamedParameters().Select(static pair => pair.Key));
    }

    [Fact]
    public void Conv2d_GroupsThatDoNotDivide_Throw() =>
        Assert.Throws<ArgumentException>(() => new Conv2d(3, 4, 3, groups: 2));

    [Fact]
    public void Conv2d_Weights_AreUsed()
    {
        using Conv2d conv = new(1, 1, 1);
        using (Autograd.NoGrad())
        {
            conv.Weight.Fill_(3);
            conv.Bias!.Fill_(1);
        }

        AssertClose([7, 10], conv.Forward(Tensor.FromArray<float>([2, 3], [1, 1, 1, 2])));
    }

    [Fact]
    public void BatchNorm2d_Training_TracksAndEvaluationDoesNot()
    {
        using BatchNorm2d norm = new(2, momentum: 0.5);
        Tensor x = Draws(1, 4, 2, 3, 3).To(ScalarType.Float32) + 10;

        Tensor trained = norm.Forward(x);
        norm.Forward(x);
        Assert.Equal(2, norm.NumBatchesTracked.Item());
        float[] mean = norm.RunningMean.ToArray<float>();
        Assert.All(mean, static value => Assert.InRange(value, 5, 12));

        norm.Eval();
        Tensor evaluated = norm.Forward(x);

        Assert.Equal(2, norm.NumBatchesTracked.Item());
        Assert.Equal(mean, norm.RunningMean.ToArray<float>());
        Assert.NotEqual(trained.ToArray<float>(), evaluated.ToArray<float>());
    }

    [Fact]
    public void Norms_Affine_IsApplied()
    {
        using LayerNorm layer = new(4);
        using GroupNorm group = new(2, 4);
        using (Autograd.NoGrad())
        {
            layer.Weight.Zero_();
            layer.Bias.Fill_(2);
            group.Weight.Zero_();
            group.Bias.Fill_(3);
        }

        AssertClose([2, 2, 2, 2], layer.Forward(Tensor.Ones([1, 4])));
        AssertClose([3, 3, 3, 3], group.Forward(Tensor.Ones([1, 4, 1, 1])));
        Assert.Throws<ArgumentException>(() => new GroupNorm(3, 4));
    }

    [Fact]
    public void Linear_Layer_Maps()
    {
        using Linear linear = new(2, 1);
        using (Autograd.NoGrad())
        {
            linear.Weight.CopyFrom_(Tensor.FromArray<float>([2, 3], [1, 2]));
            linear.Bias!.Fill_(1);
        }

        AssertClose([9], linear.Forward(Tensor.FromArray<float>([1, 2], [1, 2])));
    }

    [Fact]
    public void ModuleList_Modules_AreInOrder()
    {
        using ModuleList<Linear> list = new();
        list.Add(new Linear(1, 2));
        list.Add(new Linear(2, 3));

        Assert.Equal(2, list.Count);
        Assert.Equal([3L, 2L], list[1].Weight.Shape);
        Assert.Equal([list[0], list[1]], list.ToArray());
        Assert.Equal("1.bias", list.StateTensors().Last().Key);
    }
}
