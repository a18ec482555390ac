namespace SegNeXt.Torch.Tests;

public sealed class TensorCreationTests : TorchTest
{
    [Fact]
    public void FromArray_Values_ComeBack()
    {
        Tensor x = Tensor.FromArray<float>([1, 2, 3, 4, 5, 6], [2, 3]);

        Assert.Equal([2L, 3L], x.Shape);
        Assert.Equal([3L, 1L], x.Strides);
        Assert.Equal(ScalarType.Float32, x.Type);
        Assert.Equal(Device.Cpu, x.Device);
        Assert.Equal(6, x.NumElements);
        Assert.Equal("[2, 3] Float32 cpu", x.ToString());
        Assert.Equal([1, 2, 3, 4, 5, 6], x.ToArray<float>());
        Assert.Equal([1, 4, 2, 5, 3, 6], x.Transpose(0, 1).ToArray<float>());
    }

    [Fact]
    public void FromArray_EveryElementType_ComesBack()
    {
        RoundTrip<float>([1.5f, -2], ScalarType.Float32);
        RoundTrip<double>([1.5, -2], ScalarType.Float64);
        RoundTrip<Half>([(Half)1.5, (Half)(-2)], ScalarType.Float16);
        RoundTrip<long>([long.MaxValue, -2], ScalarType.Int64);
        RoundTrip<int>([int.MinValue, 7], ScalarType.Int32);
        RoundTrip<short>([-300, 7], ScalarType.Int16);
        RoundTrip<sbyte>([-128, 127], ScalarType.Int8);
        RoundTrip<byte>([0, 255], ScalarType.UInt8);
        RoundTrip<bool>([true, false], ScalarType.Bool);

        static void RoundTrip<T>(T[] values, ScalarType type)
            where T : unmanaged
        {
            Tensor x = Tensor.FromArray(values, [values.Length]);
            Assert.Equal(type, x.Type);
            Assert.Equal(values, x.ToArray<T>());
        }
    }

    [Fact]
    public void FromArray_CountsDiffer_ThrowsArgumentException()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Tensor.FromArray<float>([1, 2, 3], [2, 2]));

        Assert.StartsWith("The shape [2, 2] holds 4 elements, 3 were given.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromArray_NoTensorType_ThrowsArgumentException() =>
        Assert.Throws<ArgumentException>(() => Tensor.FromArray<decimal>([1m], [1]));

    [Fact]
    public void FromArray_NoElements_GivesAnEmptyTensor()
    {
        Tensor x = Tensor.FromArray<float>([], [0, 3]);

        Assert.Equal([0L, 3L], x.Shape);
        Assert.Equal(0, x.NumElements);
        Assert.Empty(x.ToArray<float>());
    }

    [Fact]
    public void Fill_Constants_HaveTheirValueAndType()
    {
        Assert.Equal([0f, 0f], Tensor.Zeros([2]).ToArray<float>());
        Assert.Equal([1L, 1L], Tensor.Ones([2], ScalarType.Int64).ToArray<long>());
        Assert.Equal([2.5, 2.5], Tensor.Full([2], 2.5, ScalarType.Float64).ToArray<double>());
        Assert.Equal([0L, 1L, 2L], Tensor.Arange(3).ToArray<long>());
        Assert.Equal(7, Tensor.Scalar(7).Item());
        Assert.Equal(0, Tensor.Scalar(7).Rank);
        Assert.Equal([4L], Tensor.Empty([4]).Shape);
    }

    [Fact]
    public void ZerosLike_ChannelsLast_KeepsTheLayout()
    {
        Tensor x = Tensor.Ones([2, 3, 4, 5]).To(MemoryFormat.ChannelsLast).RequiresGrad_();

        Tensor zeros = Tensor.ZerosLike(x);

        Assert.True(zeros.IsContiguous(MemoryFormat.ChannelsLast));
        Assert.False(zeros.RequiresGrad);
        Assert.Equal(0, zeros.Sum().Item());
    }

    [Fact]
    public void Cat_AlongADimension_Joins()
    {
        Tensor x = Counting(2, 2);

        AssertClose(Doubles([1, 2, 1, 2, 3, 4, 3, 4], 2, 4), Tensor.Cat([x, x], 1));
        AssertClose(Doubles([1, 2, 3, 4, 1, 2, 3, 4], 4, 2), Tensor.Cat([x, x], 0));
    }

    [Fact]
    public void Stack_NewDimension_Joins()
    {
        Tensor x = Counting(2);

        AssertClose(Doubles([1, 2, 11, 12], 2, 2), Tensor.Stack([x, x + 10]));
        AssertClose(Doubles([1, 11, 2, 12], 2, 2), Tensor.Stack([x, x + 10], dim: 1));
    }

    [Fact]
    public void Cat_DisposedTensor_ThrowsAndHoldsNothing()
    {
        Tensor x = Counting(2);
        Tensor gone = Counting(2);
        gone.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Tensor.Cat([x, gone], 0));

        // A reference left behind would keep the handle open.
        TensorHandle handle = x.Handle;
        x.Dispose();
        Assert.True(handle.IsClosed);
    }

    [Fact]
    public void OneHot_Classes_Indicates()
    {
        Tensor x = Tensor.FromArray<long>([2, 0], [2]);

        Assert.Equal([0L, 0, 1, 1, 0, 0], x.OneHot(3).ToArray<long>());
    }
}
