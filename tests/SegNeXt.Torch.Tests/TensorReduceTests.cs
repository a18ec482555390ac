namespace SegNeXt.Torch.Tests;

public sealed class TensorReduceTests : TorchTest
{
    [Fact]
    public void Sum_AllOrSome_Adds()
    {
        Tensor x = Counting(2, 3);

        Assert.Equal(21, x.Sum().Item());
        Assert.Equal(0, x.Sum().Rank);
        AssertClose([6, 15], x.Sum([1]));
        AssertClose(Doubles([5, 7, 9], 1, 3), x.Sum([0], keepDim: true));
        AssertClose([21], x.Sum([0, 1]));
    }

    [Fact]
    public void Mean_AllOrSome_Averages()
    {
        Tensor x = Counting(2, 3);

        Assert.Equal(3.5, x.Mean().Item());
        AssertClose([2, 5], x.Mean([-1]));
    }

    [Fact]
    public void Norm_AllOrSome_IsEuclidean()
    {
        Tensor x = Doubles([3, 4, 6, 8], 2, 2);

        Assert.Equal(Math.Sqrt(125), x.Norm().Item(), 12);
        AssertClose(Doubles([5, 10], 2, 1), x.Norm([1], keepDim: true));
    }

    [Fact]
    public void Extremes_AllOrSome_AreFound()
    {
        Tensor x = Doubles([3, 9, 1, 7, 2, 8], 2, 3);

        Assert.Equal(9, x.Max().Item());
        Assert.Equal(1, x.Min().Item());
        AssertClose([9, 8], x.Max([1]));
        AssertClose([3, 2, 1], x.Min([0]));
        Assert.Equal([1L, 2L], x.ArgMax(1).ToArray<long>());
        Assert.Equal([2L, 1L], x.ArgMax(1, keepDim: true).Shape);
    }

    [Fact]
    public void Topk_Values_ComeBestFirst()
    {
        Tensor x = Doubles([3, 9, 1, 7], 4);

        (Tensor values, Tensor indices) = x.Topk(2);
        (Tensor smallest, _) = x.Topk(1, largest: false);

        AssertClose([9, 7], values);
        Assert.Equal([1L, 3L], indices.ToArray<long>());
        AssertClose([1], smallest);
    }

    [Fact]
    public void Sort_Ties_KeepTheirOrder()
    {
        Tensor x = Doubles([3, 1, 3, 2, 8, 9, 7, 7], 2, 4);

        (Tensor up, Tensor upIndices) = x.Sort();
        (Tensor down, Tensor downIndices) = x.Sort(1, descending: true);
        (Tensor columns, _) = x.Sort(0, descending: true);

        AssertClose(Doubles([1, 2, 3, 3, 7, 7, 8, 9], 2, 4), up);
        Assert.Equal([1L, 3, 0, 2, 2, 3, 0, 1], upIndices.ToArray<long>());
        AssertClose(Doubles([3, 3, 2, 1, 9, 8, 7, 7], 2, 4), down);
        Assert.Equal([0L, 2, 3, 1, 1, 0, 2, 3], downIndices.ToArray<long>());
        AssertClose(Doubles([8, 9, 7, 7, 3, 1, 3, 2], 2, 4), columns);
        AssertGradients(static v => v[0].Sort(1, descending: true).Values, Draws(1, 2, 5));
    }

    [Fact]
    public void KthValue_EachK_IsThatOfTheSortedOrder()
    {
        Tensor x = Doubles([3, 9, 1, 7], 4);

        Assert.Equal([1.0, 3, 7, 9], Enumerable.Range(1, 4).Select(k => x.KthValue(k).Item()));
        AssertClose(Doubles([3], 1), x.KthValue(2, 0, keepDim: true));
        Assert.Throws<TorchException>(() => x.KthValue(5));
    }

    [Fact]
    public void CumSum_Dimension_AddsUp()
    {
        Tensor x = Counting(2, 3);

        AssertClose(Doubles([1, 3, 6, 4, 9, 15], 2, 3), x.CumSum(1));
        AssertClose(Doubles([1, 2, 3, 5, 7, 9], 2, 3), x.CumSum(0));
        AssertGradients(static v => v[0].CumSum(1), Draws(2, 2, 3));
    }

    [Fact]
    public void LogSumExp_LargeValues_DoesNotOverflow()
    {
        Tensor x = Doubles([1000, 1000, -5, -5], 2, 2);

        AssertClose([1000 + Math.Log(2), -5 + Math.Log(2)], x.LogSumExp(1));
        Assert.Equal([2L, 1L], x.LogSumExp(-1, keepDim: true).Shape);
        AssertGradients(static v => v[0].LogSumExp(0), Draws(3, 3, 2));
    }

    [Fact]
    public void BinCount_Numbers_AreCounted()
    {
        Tensor x = Tensor.FromArray<long>([2, 0, 2, 2], [4]);

        Assert.Equal([1L, 0, 3, 0, 0], x.BinCount(5).ToArray<long>());
        Assert.Equal([1L, 0, 3], x.BinCount(1).ToArray<long>());
    }

    [Fact]
    public void Softmax_LargeValues_SumsToOne()
    {
        Tensor x = Doubles([1000, 1001, -5, -5], 2, 2);

        double e = 1 / (1 + Math.E);
        AssertClose([e, 1 - e, 0.5, 0.5], x.Softmax(1));
        AssertClose([Math.Log(e), Math.Log(1 - e), Math.Log(0.5), Math.Log(0.5)], x.LogSoftmax(1));
    }

    [Fact]
    public void MatMul_Matrices_Multiply()
    {
        Tensor x = Counting(2, 3);

        AssertClose(Doubles([14, 32, 32, 77], 2, 2), x.MatMul(x.Transpose(0, 1)));
    }

    [Fact]
    public void Bmm_Batch_MultipliesEach()
    {
        Tensor x = Counting(2, 1, 2);
        Tensor y = Counting(2, 2, 1);

        AssertClose(Doubles([5, 25], 2, 1, 1), x.Bmm(y));
    }

    [Fact]
    public void MatMul_ShapesThatDoNotFit_ThrowsWithLibtorchsText()
    {
        TorchException error = Assert.Throws<TorchException>(() => Tensor.Zeros([2, 3]).MatMul(Tensor.Zeros([4, 5])));

        Assert.Equal("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", error.Message);
    }
}
