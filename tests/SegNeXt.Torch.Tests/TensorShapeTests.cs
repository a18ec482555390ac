namespace SegNeXt.Torch.Tests;

public sealed class TensorShapeTests : TorchTest
{
    [Fact]
    public void Size_Dimension_CountsFromBothEnds()
    {
        Tensor x = Tensor.Zeros([2, 3, 4]);

        Assert.Equal(3, x.Rank);
        Assert.Equal(3, x.Size(1));
        Assert.Equal(4, x.Size(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Size(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Size(-4));
    }

    [Fact]
    public void Rearrangements_Shapes_AreAsNamed()
    {
        Tensor x = Counting(2, 3, 4);

        Assert.Equal([4L, 3, 2], x.Transpose(0, 2).Shape);
        Assert.Equal([4L, 2, 3], x.Permute(2, 0, 1).Shape);
        Assert.Equal([6L, 4], x.Reshape(-1, 4).Shape);
        Assert.Equal([6L, 4], x.View(6, 4).Shape);
        Assert.Equal([2L, 12], x.Flatten(1).Shape);
        Assert.Equal([24L], x.Flatten().Shape);
        Assert.Equal([2L, 1, 3, 4], x.Unsqueeze(1).Shape);
        Assert.Equal([2L, 3, 4], x.Unsqueeze(1).Squeeze(1).Shape);
        Assert.Equal([5L, 2, 3, 4], x.Expand(5, -1, -1, -1).Shape);
    }

    [Fact]
    public void Rearrangements_Values_AreTheRightOnes()
    {
        Tensor x = Counting(2, 3);

        AssertClose(Doubles([1, 4, 2, 5, 3, 6], 3, 2), x.Permute(1, 0));
        AssertClose(Doubles([2, 3, 5, 6], 2, 2), x.Narrow(1, 1, 2));
        AssertClose([4, 5, 6], x.Select(0, 1));
        AssertClose(Doubles([6, 5, 4, 3, 2, 1], 2, 3), x.Flip(0, 1));
        AssertClose(Doubles([3, 2, 1, 6, 5, 4], 2, 3), x.Flip(1));
        AssertClose(Doubles([3, 1, 6, 4], 2, 2), x.IndexSelect(1, Tensor.FromArray<long>([2, 0], [2])));
        AssertClose(Doubles([1, 3, 5, 5], 2, 2), x.Gather(1, Tensor.FromArray<long>([0, 2, 1, 1], [2, 2])));
    }

    [Fact]
    public void View_TransposedTensor_FailsWhereReshapeCopies()
    {
        Tensor x = Counting(2, 3).Transpose(0, 1);

        Assert.Throws<TorchException>(() => x.View(6));
        AssertClose([1, 4, 2, 5, 3, 6], x.Reshape(6));
    }

    [Fact]
    public void View_SourceDisposed_KeepsTheStorage()
    {
        Tensor x = Counting(2, 3);
        Tensor row = x.Select(0, 1);

        x.Dispose();

        AssertClose([4, 5, 6], row);
    }
}
