using System.IO.Compression;
using SegNeXt.TestUtilities;
using static SegNeXt.Core.Tests.RawCheckpoint;

namespace SegNeXt.Core.Tests;

public sealed class PthFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("nano_official.pth")]
    [InlineData("nano_legacy.pth")]
    public void Open_CheckpointOfKnownModel_HoldsExactlyItsTensors(string name)
    {
        using SafetensorsFile expected = SafetensorsFile.Open(TestPaths.RequireGolden("nano.safetensors"));
        using PthFile file = PthFile.Open(TestPaths.RequireGolden(name));

        Assert.Equal("state_dict", file.StateDictKey);
        Assert.Equal(expected.Tensors.Select(tensor => tensor.Name), file.Tensors.Select(tensor => tensor.Name));
        foreach (TensorInfo tensor in expected.Tensors)
        {
            TensorInfo found = file.Find(tensor.Name)!;
            Assert.Equal(tensor.DType, found.DType);
            Assert.Equal(tensor.Shape, found.Shape);
            Assert.Equal(Bytes(expected, tensor.Name), Bytes(file, tensor.Name));
        }
    }

    [SkippableTheory]
    [InlineData("nano_official.pth")]
    [InlineData("nano_legacy.pth")]
    public void Meta_OfCheckpoint_TellsClassesPaletteAndConfiguration(string name)
    {
        using PthFile file = PthFile.Open(TestPaths.RequireGolden(name));

        Assert.Equal(["class_0", "class_1", "class_2", "class_3", "class_4", "class_5", "class_6"], file.Meta.ClassNames);
        Assert.Equal([0x0DC258, 0x73162B, 0x550E72, 0x5AEFE4, 0x1F3C51, 0x86C45A, 0x8A6CA7], file.Meta.Palette);
        Assert.EndsWith("model = 'SegNeXt'\n", file.Meta.ConfigText, StringComparison.Ordinal);
        Assert.True(file.Meta.Entries.TryGetValue("seed", out object? seed) && seed is null);
        Assert.True(file.Meta.Entries.TryGetValue("flag", out object? flag) && flag is true);
        Assert.True(file.Meta.Entries.TryGetValue("time_unused", out object? time) && time is 1.5);
        Assert.Equal("1234", file.Metadata["iter"]);
        Assert.Equal("0.24.1", file.Metadata["mmseg_version"]);
    }

    [SkippableFact]
    public void Root_OptimizerState_IsThatOfTheReference()
    {
        using SafetensorsFile expected = SafetensorsFile.Open(TestPaths.RequireGolden("nano_optimizer_state.safetensors"));
        using PthFile file = PthFile.Open(TestPaths.RequireGolden("nano_official.pth"));
        PickleDict optimizer = ((PickleDict)file.Root!).Get<PickleDict>("optimizer")!;
        PickleDict state = optimizer.Get<PickleDict>("state")!;
        string[] parameters = [.. file.Tensors.Select(tensor => tensor.Name).Where(n => !n.Contains("running_", StringComparison.Ordinal) && !n.EndsWith("num_batches_tracked", StringComparison.Ordinal))];
        int compared = 0;

        for (int i = 0; i < parameters.Length; i++)
        {
            Assert.True(state.TryGetValue((long)i, out object? entry));
            foreach ((object? key, object? value) in ((PickleDict)entry!).Entries)
            {
                if (expected.Find($"{parameters[i]}.{key}") is { } tensor)
                {
                    float[] values = new float[tensor.ElementCount];
                    float[] found = new float[tensor.ElementCount];
                    expected.ReadFloats(tensor.Name, values);
                    file.ReadFloats((PickledTensor)value!, found);
                    Assert.Equal(values, found);
                    compared++;
                }
            }
        }

        Assert.Equal(expected.Tensors.Count, compared);
    }

    [Fact]
    public void Open_MaliciousCheckpoint_IsRefusedByName()
    {
        string path = Path.Combine(TestPaths.Golden, "malicious.pth");

        InputException error = Assert.Throws<InputException>(() => PthFile.Open(path));

        Assert.Equal($"{path}: refused: its pickle asks for 'posix.system', which is neither a tensor nor a plain container; nothing was run.", error.Message);
    }

    [Fact]
    public void Open_PickleThatWouldMakeAFile_MakesNone()
    {
        string marker = _folder.File("marker");
        byte[] call = [.. Global("posix", "system"), .. Text($"touch {marker}"), 0x85, (byte)'R'];
        string path = Write(_folder.File("x.pth"), Dict(("state_dict", call)));

        Assert.Throws<InputException>(() => PthFile.Open(path));

        Assert.False(File.Exists(marker));
    }

    [Theory]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "getattr")]
    [InlineData("torch.storage", "_load_from_bytes")]
    [InlineData("torch", "load")]
    [InlineData("torch.nn.modules.conv", "Conv2d")]
    [InlineData("collections", "OrderedDict.__class__")]
    [InlineData("numpy.core.multiarray", "_reconstruct")]
    public void Open_PickleWithAnyOtherName_IsRefusedByIt(string module, string name)
    {
        string path = _folder.File("x.pth");

        foreach (byte[] global in (byte[][])[Global(module, name), [.. Text(module), .. Text(name), 0x93]])
        {
            Write(path, Dict(("a", global)));
            InputException error = Assert.Throws<InputException>(() => PthFile.Open(path));
            Assert.Equal($"{path}: refused: its pickle asks for '{module}.{name}', which is neither a tensor nor a plain container; nothing was run.", error.Message);
        }
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void ReadFloats_StridedViewsOfOneStorage_AreGathered(CompressionLevel level)
    {
        byte[] storage = Storage("FloatStorage", "0", 24);
        byte[] values = [.. Enumerable.Range(0, 24).SelectMany(i => BitConverter.GetBytes((float)i))];
        byte[] pickle = Dict(
            ("module.plain", Tensor(storage, 12, [2, 3], [3, 1])),
            ("transposed", Tensor(storage, 0, [3, 2], [1, 3])),
            ("every_second", Tensor(storage, 1, [2, 2, 2], [12, 4, 2])),
            ("expanded", Tensor(storage, 23, [2, 1, 2], [0, 7, 0])),
            ("scalar", Tensor(storage, 5, [], [])),
            ("empty", Tensor(storage, 24, [0, 4], [4, 1])),
            ("step", [(byte)'K', 7]));
        using PthFile file = PthFile.Open(Write(_folder.File("views.pth"), pickle, new Dictionary<string, byte[]> { ["0"] = values }, level));

        Assert.Equal(["plain", "transposed", "every_second", "expanded", "scalar", "empty"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([12, 13, 14, 15, 16, 17], Floats(file, "plain"));
        Assert.Equal([0, 3, 1, 4, 2, 5], Floats(file, "transposed"));
        Assert.Equal([1, 3, 5, 7, 13, 15, 17, 19], Floats(file, "every_second"));
        Assert.Equal([23, 23, 23, 23], Floats(file, "expanded"));
        Assert.Equal([5], Floats(file, "scalar"));
        Assert.Empty(Floats(file, "empty"));
        byte[] middle = new byte[6];
        file.ReadBytes("transposed", 3, middle);
        Assert.Equal(Bytes(file, "transposed")[3..9], middle);
    }

    [Fact]
    public void ReadBytes_ViewWhoseElementsLieFarApart_ReadsEachWhereItIs()
    {
        // Too far apart for what lies between them to be read too.
        const int Far = (1 << 26) + 1;
        byte[] values = new byte[Far + 1];
        (values[0], values[Far]) = (7, 9);
        byte[] pickle = Dict(("far", Tensor(Storage("ByteStorage", "0", values.Length), 0, [2], [Far])));
        using PthFile file = PthFile.Open(Write(_folder.File("far.pth"), pickle, new Dictionary<string, byte[]> { ["0"] = values }, CompressionLevel.Fastest));

        Assert.Equal([7, 9], Bytes(file, "far"));
    }

    [Theory]
    [InlineData(20, new[] { 5 }, new[] { 1 })]
    [InlineData(0, new[] { 2, 2 }, new[] { 23, 1 })]
    [InlineData(0, new[] { int.MaxValue, int.MaxValue, int.MaxValue }, new[] { 0, 0, 0 })]
    [InlineData(0, new[] { 2 }, new[] { -1 })]
    [InlineData(0, new[] { -2 }, new[] { 1 })]
    [InlineData(-1, new[] { 1 }, new[] { 1 })]
    [InlineData(0, new[] { 1, 1 }, new[] { 1 })]
    public void Open_ViewThatLeavesItsStorage_IsAnError(int offset, int[] shape, int[] strides)
    {
        byte[] pickle = Dict(("a", Tensor(Storage("FloatStorage", "0", 24), offset, shape, strides)));
        string path = Write(_folder.File("x.pth"), pickle, new Dictionary<string, byte[]> { ["0"] = new byte[96] });

        Assert.StartsWith($"{path}: damaged checkpoint: a tensor ", Assert.Throws<InputException>(() => PthFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_StorageMissingOrTooShort_IsAnError()
    {
        byte[] pickle = Dict(("a", Tensor(Storage("HalfStorage", "0", 3), 0, [3], [1])));
        string missing = Write(_folder.File("missing.pth"), pickle);
        string tooShort = Write(_folder.File("short.pth"), pickle, new Dictionary<string, byte[]> { ["0"] = new byte[4] });

        Assert.Equal($"{missing}: damaged checkpoint: storage '0' is missing.", Assert.Throws<InputException>(() => PthFile.Open(missing)).Message);
        Assert.Equal($"{tooShort}: damaged checkpoint: storage '0' holds 4 bytes, but 3 elements of F16 need 6.", Assert.Throws<InputException>(() => PthFile.Open(tooShort)).Message);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("state_dict_ema")]
    public void Open_StateDictElsewhere_IsFound(string key)
    {
        byte[] tensor = Tensor(Storage("LongStorage", "0", 1), 0, [], []);
        byte[] pickle = Dict(("epoch", [(byte)'K', 3]), (key, [(byte)'}', .. Text("a.b"), .. tensor, (byte)'s']));
        using PthFile file = PthFile.Open(Write(_folder.File("x.pth"), pickle, new Dictionary<string, byte[]> { ["0"] = BitConverter.GetBytes(42L) }));

        long[] value = new long[1];
        file.ReadInt64("a.b", value);

        Assert.Equal(key, file.StateDictKey);
        Assert.Equal(42, value[0]);
    }

    [Fact]
    public void Open_NoTensorsOrClashingNames_IsAnError()
    {
        byte[] tensor = Tensor(Storage("ByteStorage", "0", 1), 0, [1], [1]);
        string none = Write(_folder.File("none.pth"), Dict(("a", [(byte)'N'])));
        string clash = Write(_folder.File("clash.pth"), Dict(("a", tensor), ("module.a", tensor)), new Dictionary<string, byte[]> { ["0"] = [1] });

        Assert.StartsWith($"{none}: the checkpoint holds no state dict", Assert.Throws<InputException>(() => PthFile.Open(none)).Message, StringComparison.Ordinal);
        Assert.Equal($"{clash}: two tensors are named 'a' once 'module.' is taken off.", Assert.Throws<InputException>(() => PthFile.Open(clash)).Message);
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void ReadFloats_StorageWithFlippedByte_IsRefusedByNameAndTheOthersAreRead(CompressionLevel level)
    {
        float[] good = [.. Enumerable.Range(0, 500).Select(i => (float)i)];
        string path = TwoStorages(level, good);
        byte[] file = File.ReadAllBytes(path);

        // A bit of the first storage: of its bytes as stored, or of its checksum in the directory.
        int at = level == CompressionLevel.NoCompression
            ? file.AsSpan().IndexOf(BitConverter.GetBytes(123456.5f)) + 2
            : file.AsSpan().LastIndexOf("any/data/0"u8) - 46 + 16;
        file[at] ^= 4;
        File.WriteAllBytes(path, file);
        using PthFile pth = PthFile.Open(path);

        Assert.Equal(good, Floats(pth, "good"));
        for (int time = 0; time < 2; time++)
        {
            Assert.Equal(
                $"{path}: entry 'any/data/0' is damaged: its checksum does not fit.",
                Assert.Throws<InputException>(() => pth.ReadFloats("bad", new float[2])).Message);
        }
    }

    [Fact]
    public void Open_PickleWithFlippedByte_IsRefused()
    {
        string path = TwoStorages(CompressionLevel.NoCompression, new float[500]);
        byte[] file = File.ReadAllBytes(path);
        file[file.AsSpan().IndexOf("good"u8)] ^= 1;
        File.WriteAllBytes(path, file);

        Assert.Equal(
            $"{path}: entry 'any/data.pkl' is damaged: its checksum does not fit.",
            Assert.Throws<InputException>(() => PthFile.Open(path)).Message);
    }

    [Fact]
    public void Open_ChecksumsLeftOut_IsRead()
    {
        float[] good = [.. Enumerable.Range(0, 500).Select(i => (float)i)];
        string path = TwoStorages(CompressionLevel.NoCompression, good);
        File.WriteAllBytes(path, WithoutChecksums(File.ReadAllBytes(path)));
        using PthFile pth = PthFile.Open(path);

        Assert.Equal(good, Floats(pth, "good"));
        Assert.Equal([123456.5f, 2], Floats(pth, "bad"));
    }

    [SkippableFact]
    public void ReadFloats_OfficialCheckpointWithFlippedByte_IsRefusedByName()
    {
        string original = TestPaths.RequireGolden("nano_official.pth");
        const string Entry = "archive/data/17";
        byte[] file = File.ReadAllBytes(original);
        int header = file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Entry)) - 30;
        file[header + 30 + BitConverter.ToUInt16(file, header + 26) + BitConverter.ToUInt16(file, header + 28)] ^= 0x80;
        string path = _folder.File("damaged.pth");
        File.WriteAllBytes(path, file);
        using PthFile whole = PthFile.Open(original);
        using PthFile damaged = PthFile.Open(path);
        int refused = 0;
        foreach (TensorInfo tensor in whole.Tensors)
        {
            byte[] expected = Bytes(whole, tensor.Name);
            try
            {
                Assert.Equal(expected, Bytes(damaged, tensor.Name));
            }
            catch (InputException error)
            {
                Assert.Equal($"{path}: entry '{Entry}' is damaged: its checksum does not fit.", error.Message);
                refused++;
            }
        }

        Assert.Equal(1, refused);
    }

    [Fact]
    public void Open_ZipThatIsNoCheckpoint_SaysSo()
    {
        string path = _folder.File("x.pth");
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            zip.CreateEntry("word/document.xml");
        }

        Assert.Equal($"{path}: the file is a zip, but holds no data.pkl, so it is not a PyTorch checkpoint.", Assert.Throws<InputException>(() => PthFile.Open(path)).Message);
    }

    /// <summary>A checkpoint of a tensor <c>bad</c> in storage 0, beginning with 123456.5, and a tensor <c>good</c> in storage 1.</summary>
    private string TwoStorages(CompressionLevel level, float[] good)
    {
        byte[] pickle = Dict(
            ("bad", Tensor(Storage("FloatStorage", "0", 2), 0, [2], [1])),
            ("good", Tensor(Storage("FloatStorage", "1", good.Length), 0, [good.Length], [1])));
        Dictionary<string, byte[]> storages = new()
        {
            ["0"] = [.. BitConverter.GetBytes(123456.5f), .. BitConverter.GetBytes(2f)],
            ["1"] = [.. good.SelectMany(BitConverter.GetBytes)],
        };
        return Write(_folder.File("two.pth"), pickle, storages, level);
    }

    private static float[] Floats(PthFile file, string name)
    {
        float[] values = new float[file.Find(name)!.ElementCount];
        file.ReadFloats(name, values);
        return values;
    }

    private static byte[] Bytes(ITensorSource file, string name)
    {
        byte[] bytes = new byte[file.Find(name)!.ByteLength];
        file.ReadBytes(name, 0, bytes);
        return bytes;
    }
}
