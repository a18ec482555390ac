namespace SegNeXt.Torch.Tests;

public sealed class TensorDataTests : TorchTest
{
    [Fact]
    public void CopyTo_WrongElementType_NamesBoth()
    {
        Tensor x = Tensor.Zeros([2]);

        ArgumentException error = Assert.Throws<ArgumentException>(() => x.ToArray<double>());

        Assert.Equal("The tensor's elements are Float32, not Float64.", error.Message);
    }

    [Fact]
    public void CopyTo_WrongLength_ThrowsArgumentException() =>
        Assert.Throws<ArgumentException>(() => Tensor.Zeros([2]).CopyTo(new float[3].AsSpan()));

    [Fact]
    public void CopyTo_TensorWithGradient_Copies() =>
        Assert.Equal([1f, 1f], (Tensor.Ones([2]).RequiresGrad_() * 1).ToArray<float>());

    [Fact]
    public void Item_ManyElements_Throws()
    {
        TorchException error = Assert.Throws<TorchException>(() => Tensor.Zeros([2]).Item());

        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains("converted to Scalar", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_ContiguousCpuTensor_IsTheTensorsMemory()
    {
        Tensor x = Tensor.Zeros([3]);

        x.Data<float>()[1] = 5;

        Assert.Equal([0f, 5f, 0f], x.ToArray<float>());
    }

    [Fact]
    public void Data_TransposedTensor_Throws() =>
        Assert.Throws<InvalidOperationException>(() => Counting(2, 3).Transpose(0, 1).Data<double>().Length);

    [Fact]
    public void To_Type_Converts()
    {
        Tensor x = Tensor.FromArray<float>([1.7f, -1.7f, 300], [3]);

        Assert.Equal([1L, -1L, 300L], x.To(ScalarType.Int64).ToArray<long>());
        Assert.Equal(ScalarType.BFloat16, x.To(ScalarType.BFloat16).Type);
        Assert.Equal(300, x.To(ScalarType.BFloat16).To(ScalarType.Float32).ToArray<float>()[2]);
    }

    [Fact]
    public void To_SameType_SharesStorage()
    {
        Tensor x = Tensor.Zeros([2]);

        Tensor same = x.To(ScalarType.Float32);
        same.Fill_(3);
        same.Dispose();

        Assert.Equal([3f, 3f], x.ToArray<float>());
    }

    [Fact]
    public void To_ChannelsLast_KeepsValuesAndChangesStrides()
    {
        Tensor x = Counting(2, 3, 4, 5);

        Tensor y = x.To(MemoryFormat.ChannelsLast);

        Assert.Equal([60L, 1L, 15L, 3L], y.Strides);
        Assert.True(y.IsContiguous(MemoryFormat.ChannelsLast));
        Assert.False(y.IsContiguous());
        AssertClose(x, y);
        Assert.Equal([60L, 20L, 5L, 1L], y.Contiguous().Strides);
    }

    [Fact]
    public void Clone_Changed_LeavesTheSource()
    {
        Tensor x = Tensor.Zeros([2]);

        x.Clone().Fill_(1);

        Assert.Equal([0f, 0f], x.ToArray<float>());
    }

    [Fact]
    public void To_MissingDevice_ThrowsTorchException()
    {
        Tensor x = Tensor.Zeros([2]);

        Assert.Throws<TorchException>(() => x.To(new Device(DeviceType.Cuda, 100)));
    }

    [Fact]
    public void Dispose_Tensor_RefusesUse()
    {
        Tensor x = Tensor.Zeros([2]);
        x.Dispose();

        Assert.Throws<ObjectDisposedException>(() => x + 1);
        Assert.Equal("disposed tensor", x.ToString());
    }

    [Theory]
    [InlineData("cpu", DeviceType.Cpu, 0, "cpu")]
    [InlineData("CUDA", DeviceType.Cuda, 0, "cuda:0")]
    [InlineData("cuda:3", DeviceType.Cuda, 3, "cuda:3")]
    public void DeviceParse_Name_GivesDevice(string text, DeviceType type, int index, string name)
    {
        Device device = Device.Parse(text);

        Assert.Equal(new Device(type, index), device);
        Assert.Equal(name, device.ToString());
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda1")]
    [InlineData("cpu:0")]
    [InlineData("")]
    public void DeviceParse_NoDevice_Throws(string text) => Assert.Throws<FormatException>(() => Device.Parse(text));
}
