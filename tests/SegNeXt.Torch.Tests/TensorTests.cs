namespace SegNeXt.Torch.Tests;

public sealed class TensorTests
{
    [Fact]
    public void FromArray_Values_ComeBack()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.FromArray<float>([1, 2, 3, 4, 5, 6], [2, 3]);

        Assert.Equal([2L, 3L], x.Shape);
        Assert.Equal(ScalarType.Float32, x.Type);
        Assert.Equal(Device.Cpu, x.Device);
        Assert.Equal(6, x.NumElements);
        Assert.Equal([1, 2, 3, 4, 5, 6], x.ToArray<float>());
        Assert.Equal([1, 4, 2, 5, 3, 6], x.Transpose(0, 1).ToArray<float>());
    }

    [Fact]
    public void Backward_Square_GivesTwiceX()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.FromArray<double>([1, -2, 3], [3]).RequiresGrad_();

        (x * x).Sum().Backward();

        Assert.Equal([2, -4, 6], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void MatMul_ShapesThatDoNotFit_ThrowsWithLibtorchsText()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Zeros([2, 3]);

        TorchException error = Assert.Throws<TorchException>(() => x.MatMul(Tensor.Zeros([4, 5])));

        Assert.Equal("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", error.Message);
    }
}
