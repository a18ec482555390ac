using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"a.b":{"dtype":"F32","shape":[2,2],"data_offsets":[0,12]}}""", 12, "tensor 'a.b': data_offsets [0, 12] hold 12 bytes, but shape [2, 2] of F32 needs 16.")]
    [InlineData("""{"a":{"dtype":"F33","shape":[],"data_offsets":[0,4]}}""", 4, "tensor 'a': dtype 'F33' is not supported.")]
    [InlineData("""{"a":{"dtype":32,"shape":[],"data_offsets":[0,4]}}""", 4, "tensor 'a': dtype is not a text.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "tensor 'a': shape[0] is not a whole number from 0 to 2^63 - 1.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1.5],"data_offsets":[0,4]}}""", 4, "tensor 'a': shape[1] is not a whole number from 0 to 2^63 - 1.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,"1"],"data_offsets":[0,4]}}""", 4, "tensor 'a': shape[1] is not a whole number from 0 to 2^63 - 1.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4, "tensor 'a': shape[0] is not a whole number from 0 to 2^63 - 1.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "tensor 'a': shape [4294967296, 4294967296] is larger than any file.")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", 0, "tensor 'a': shape [2305843009213693952] is larger than any file.")]
    [InlineData("""{"a":{"dtype":"F32","shape":{},"data_offsets":[0,4]}}""", 4, "tensor 'a': shape is not a list of numbers.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "tensor 'a': data_offsets [0] is not a begin and an end.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "tensor 'a': data_offsets [4, 0] is not a begin and an end.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "tensor 'a': data_offsets[0] is not a whole number from 0 to 2^63 - 1.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "tensor 'a': data_offsets [0, 8] leave the 4 bytes of data that the file has.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "tensor 'a': data_offsets [4, 8] leave a hole after byte 0.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[3],"data_offsets":[3,6]}}""", 6, "tensor 'b': data_offsets [3, 6] overlap another tensor, which ends at 4.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 7, "3 bytes after the last tensor belong to none.")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'a': dtype is missing.")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "tensor 'a': shape is missing.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "tensor 'a': data_offsets is missing.")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'a': dtype is given twice.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"strides":[1]}}""", 4, "tensor 'a': unknown field 'strides'.")]
    [InlineData("""{"a":[]}""", 0, "tensor 'a': the entry is not an object.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "the header names 'a' twice.")]
    [InlineData("""{"__metadata__":{"epoch":3}}""", 0, "__metadata__: 'epoch' is not a text.")]
    [InlineData("""{"__metadata__":["x"]}""", 0, "__metadata__ is not an object of texts.")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "__metadata__ names 'a' twice.")]
    [InlineData("""[]""", 0, "the header does not begin with '{', so this is not a safetensors file.")]
    [InlineData("""{"a":""", 0, "the header is not valid JSON near byte 13.")]
    [InlineData("""{} x""", 0, "the header is not valid JSON near byte 11.")]
    [InlineData("""{"\ud800":{}}""", 0, "the header is not valid JSON.")]
    public void Open_MalformedHeader_SaysWhichTensorAndField(string header, int dataLength, string sentence)
    {
        string path = RawSafetensors.Write(_folder.File("weights.safetensors"), header, dataLength);

        InputException error = Assert.Throws<InputException>(() => SafetensorsFile.Open(path));

        Assert.Equal($"{path}: {sentence}", error.Message);
    }

    [Theory]
    [InlineData(200, "the header length is 200 bytes, but the file has 2 after it.")]
    [InlineData(100_000_001, "the header length is 100000001 bytes, more than the 100000000 that the format allows.")]
    [InlineData(-1, "the header length is 18446744073709551615 bytes, more than the 100000000 that the format allows.")]
    public void Open_HeaderLengthWrong_SaysSo(long headerLength, string sentence)
    {
        string path = RawSafetensors.Write(_folder.File("weights.safetensors"), "{}", 0, headerLength);

        InputException error = Assert.Throws<InputException>(() => SafetensorsFile.Open(path));

        Assert.Equal($"{path}: {sentence}", error.Message);
    }

    [Fact]
    public void Open_ControlCharactersInName_StayOutOfTheMessage()
    {
        string path = RawSafetensors.Write(_folder.File("weights.safetensors"), """{"a\u001b[31m\n":{}}""", 0);

        InputException error = Assert.Throws<InputException>(() => SafetensorsFile.Open(path));

        Assert.Equal($"{path}: tensor 'a\\u001b[31m\\u000a': dtype is missing.", error.Message);
    }

    [Fact]
    public void Open_FileOfSevenBytes_SaysSo()
    {
        string path = _folder.File("weights.safetensors");
        File.WriteAllBytes(path, new byte[7]);

        Assert.Contains("7 bytes", Assert.Throws<InputException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ScalarsEmptyTensorsAndSpacesAfterHeader_AreFine()
    {
        const string Header = """{"s":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"e":{"dtype":"F64","shape":[3,0],"data_offsets":[1,1]},"m":{"dtype":"I16","shape":[1],"data_offsets":[1,3]}}   """;
        using SafetensorsFile file = SafetensorsFile.Open(RawSafetensors.Write(_folder.File("a"), Header, 3));

        long[] scalar = new long[1];
        file.ReadInt64("s", scalar);
        file.ReadFloats("e", []);
        float[] misaligned = new float[1];
        file.ReadFloats("m", misaligned);

        Assert.Equal(0, scalar[0]);
        Assert.Equal(0x0201, misaligned[0]);
        Assert.Equal(["s", "e", "m"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(0, file.Find("e")!.ElementCount);
        Assert.Null(file.Find("x"));
    }

    [Fact]
    public void Open_FileOfMoreThanTwoGigabytes_ReadsItsEnd()
    {
        // A sparse file: the disk holds the few bytes that are written.
        const long Big = 3L << 30;
        string header = $$$"""{"big":{"dtype":"U8","shape":[{{{Big}}}],"data_offsets":[0,{{{Big}}}]},"end":{"dtype":"F32","shape":[1],"data_offsets":[{{{Big}}},{{{Big + 4}}}]}}""";
        string path = RawSafetensors.Write(_folder.File("big"), header, 0);
        using (FileStream stream = new(path, FileMode.Open))
        {
            stream.SetLength(stream.Length + Big + 4);
            stream.Seek(-5, SeekOrigin.End);
            stream.Write([77, .. BitConverter.GetBytes(1.5f)]);
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] end = new float[1];
        file.ReadFloats("end", end);
        byte[] last = new byte[2];
        file.ReadBytes("big", Big - 2, last);

        Assert.Equal(1.5f, end[0]);
        Assert.Equal([0, 77], last);
    }

    [Fact]
    public void Read_FileCutShortMeanwhile_SaysWhere()
    {
        const string Header = """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""";
        string path = RawSafetensors.Write(_folder.File("a"), Header, 16);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using (FileStream other = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            other.SetLength(other.Length - 5);
        }

        InputException error = Assert.Throws<InputException>(() => file.ReadFloats("a", new float[4]));

        Assert.Equal($"{path}: the file has become shorter while it was read: it ends at byte {new FileInfo(path).Length} of {new FileInfo(path).Length + 5}.", error.Message);
    }

    [Fact]
    public void Read_UnknownNameOrWrongType_SaysSo()
    {
        const string Header = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        using SafetensorsFile file = SafetensorsFile.Open(RawSafetensors.Write(_folder.File("a"), Header, 4));

        Assert.EndsWith("there is no tensor 'b'.", Assert.Throws<InputException>(() => file.ReadFloats("b", new float[1])).Message, StringComparison.Ordinal);
        Assert.EndsWith("tensor 'a' holds F32, integers were expected.", Assert.Throws<InputException>(() => file.ReadInt64("a", new long[1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => file.ReadFloats("a", new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadBytes("a", 1, new byte[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadBytes("a", -1, new byte[4]));
    }
}
