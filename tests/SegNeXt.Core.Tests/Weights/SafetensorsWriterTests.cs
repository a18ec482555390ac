using FsCheck;
using FsCheck.Fluent;
using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_AnyNamesShapesAndValues_ReadsBackTheSame()
    {
        Property property = Prop.ForAll<NonNull<string>[], float[], long[]>((names, floats, integers) =>
        {
            string path = _folder.File("round-trip");
            Dictionary<string, string> metadata = new() { ["format"] = "pt", ["text \"\n\u00e9"] = string.Concat(names.Select(name => Clean(name.Get))) };
            List<NamedTensor> tensors =
            [
                .. names.Select(name => "n" + Clean(name.Get)).Distinct().Select(name => NamedTensor.FromInt64(name, [], new long[] { name.Length })),
                NamedTensor.FromFloats("floats", [1, floats.Length], floats),
                NamedTensor.FromInt64("integers", [integers.Length], integers),
                NamedTensor.FromBytes("flags", TensorDType.Bool, [3], span => span[1] = 1),
            ];

            SafetensorsWriter.Write(path, tensors, metadata);
            byte[] first = File.ReadAllBytes(path);
            SafetensorsWriter.Write(path, tensors, metadata);
            using SafetensorsFile file = SafetensorsFile.Open(path);
            float[] readFloats = new float[floats.Length];
            file.ReadFloats("floats", readFloats);
            long[] readIntegers = new long[integers.Length];
            file.ReadInt64("integers", readIntegers);
            long[] flags = new long[3];
            file.ReadInt64("flags", flags);

            return first.AsSpan().SequenceEqual(File.ReadAllBytes(path))
                && BitConverter.ToInt64(first) % 8 == 0
                && file.Metadata.OrderBy(pair => pair.Key).SequenceEqual(metadata.OrderBy(pair => pair.Key))
                && file.Tensors.Count == tensors.Count
                && tensors.TrueForAll(tensor => Reads(file, tensor))
                && readFloats.Select(BitConverter.SingleToInt32Bits).SequenceEqual(floats.Select(BitConverter.SingleToInt32Bits))
                && readIntegers.SequenceEqual(integers)
                && flags is [0, 1, 0];
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), property);
    }

    [Theory]
    [InlineData(TensorDType.F16, new[] { 1f, 2049f, 65520f, 1e-8f, -0f }, new[] { 1f, 2048f, float.PositiveInfinity, 0f, -0f })]
    [InlineData(TensorDType.BF16, new[] { 1f, 257f, 259f, 3.4e38f, float.NaN }, new[] { 1f, 256f, 260f, float.PositiveInfinity, float.NaN })]
    [InlineData(TensorDType.F64, new[] { 1f, 0.1f, float.Epsilon }, new[] { 1f, 0.1f, float.Epsilon })]
    public void FromFloats_OtherType_RoundsToNearestEven(TensorDType dtype, float[] values, float[] expected)
    {
        string path = _folder.File("types");
        SafetensorsWriter.Write(path, [NamedTensor.FromFloats("a", [values.Length], values, dtype)]);
        using SafetensorsFile file = SafetensorsFile.Open(path);

        float[] read = new float[values.Length];
        file.ReadFloats("a", read);

        Assert.Equal(dtype, file.Find("a")!.DType);
        Assert.Equal(expected, read);
    }

    [Theory]
    [InlineData(TensorDType.I8, 0xff, -1)]
    [InlineData(TensorDType.U8, 0xff, 255)]
    [InlineData(TensorDType.I16, 0xfffe, -2)]
    [InlineData(TensorDType.U16, 0xfffe, 65534)]
    [InlineData(TensorDType.I32, 0xfffffffd, -3)]
    [InlineData(TensorDType.U32, 0xfffffffd, 4294967293)]
    [InlineData(TensorDType.I64, 5, 5)]
    [InlineData(TensorDType.U64, 6, 6)]
    [InlineData(TensorDType.Bool, 1, 1)]
    public void FromBytes_IntegerTypes_ReadAsIntegersAndFloats(TensorDType dtype, long bits, long expected)
    {
        string path = _folder.File("integers");
        SafetensorsWriter.Write(path, [NamedTensor.FromBytes("a", dtype, [], span => BitConverter.GetBytes(bits).AsSpan(0, span.Length).CopyTo(span))]);
        using SafetensorsFile file = SafetensorsFile.Open(path);

        long[] integer = new long[1];
        float[] number = new float[1];
        file.ReadInt64("a", integer);
        file.ReadFloats("a", number);

        Assert.Equal(expected, integer[0]);
        Assert.Equal(expected, number[0]);
    }

    [Fact]
    public void Write_MixedWidths_AlignsEveryTensorAndKeepsTheirOrder()
    {
        string path = _folder.File("aligned");
        SafetensorsWriter.Write(path,
        [
            NamedTensor.FromBytes("u", TensorDType.U8, [3], _ => { }),
            NamedTensor.FromFloats("h", [3], new float[3], TensorDType.F16),
            NamedTensor.FromFloats("f2", [1], new float[1]),
            NamedTensor.FromInt64("l", [], new long[1]),
            NamedTensor.FromFloats("f1", [1], new float[1]),
        ]);

        using SafetensorsFile file = SafetensorsFile.Open(path);

        Assert.Equal(["l", "f2", "f1", "h", "u"], file.Tensors.Select(tensor => tensor.Name));
    }

    [SkippableFact]
    public void Write_CopyOfGoldenFile_HoldsTheSameBytesPerTensor()
    {
        using SafetensorsFile golden = SafetensorsFile.Open(TestPaths.RequireGolden("nano.safetensors"));
        string path = _folder.File("copy");

        SafetensorsWriter.Write(path, golden.Tensors.Select(tensor => NamedTensor.FromSource(golden, tensor.Name, "x." + tensor.Name)), golden.Metadata);

        using SafetensorsFile copy = SafetensorsFile.Open(path);
        Assert.Equal(208, copy.Tensors.Count);
        Assert.Equal(golden.Metadata, copy.Metadata);
        Assert.All(golden.Tensors, tensor => Assert.Equal(Bytes(golden, tensor.Name), Bytes(copy, "x." + tensor.Name)));
    }

    [Fact]
    public void Write_TakenOrReservedName_Throws()
    {
        NamedTensor tensor = NamedTensor.FromInt64("a", [], new long[1]);

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder.File("x"), [tensor, tensor]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder.File("x"), [NamedTensor.FromInt64("__metadata__", [], new long[1])]));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_ValuesMissing_LeavesTheOldFileAndNothingElse()
    {
        string path = _folder.File("weights");
        SafetensorsWriter.Write(path, []);
        byte[] before = File.ReadAllBytes(path);

        IOException full = new("No space left on device", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28);
        NamedTensor failing = NamedTensor.FromBytes("b", TensorDType.U8, [1], _ => throw full);
        InputException error = Assert.Throws<InputException>(() => SafetensorsWriter.Write(path, [NamedTensor.FromInt64("a", [], new long[1]), failing]));

        Assert.Equal($"{path}: no space left on the disk.", error.Message);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    private static bool Reads(SafetensorsFile file, NamedTensor tensor)
    {
        TensorInfo? info = file.Find(tensor.Info.Name);
        return info is not null && info.DType == tensor.Info.DType && info.Shape.AsSpan().SequenceEqual(tensor.Info.Shape);
    }

    private static byte[] Bytes(SafetensorsFile file, string name)
    {
        byte[] bytes = new byte[file.Find(name)!.ByteLength];
        file.ReadBytes(name, 0, bytes);
        return bytes;
    }

    /// <summary>FsCheck's texts may hold half a surrogate pair, which is no text in UTF-8.</summary>
    private static string Clean(string text) => string.Concat(text.Where(c => !char.IsSurrogate(c)));
}
