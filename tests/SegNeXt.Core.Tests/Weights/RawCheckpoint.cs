using System.IO.Compression;
using System.Text;

namespace SegNeXt.Core.Tests;

/// <summary>PyTorch checkpoints put together by hand: a zip around a pickle that is written opcode by opcode.</summary>
internal static class RawCheckpoint
{
    /// <summary>The global <c>module name</c>.</summary>
    public static byte[] Global(string module, string name) => Encoding.ASCII.GetBytes($"c{module}\n{name}\n");

    /// <summary>A text of at most 255 bytes, by an opcode of protocol 4.</summary>
    public static byte[] Text(string text) => [0x8c, (byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];

    /// <summary>A tuple of small numbers.</summary>
    public static byte[] Numbers(params int[] numbers) => [(byte)'(', .. numbers.SelectMany(n => (byte[])[(byte)'J', .. BitConverter.GetBytes(n)]), (byte)'t'];

    /// <summary>A storage, by its persistent id.</summary>
    public static byte[] Storage(string type, string key, int elements) =>
        [(byte)'(', .. Text("storage"), .. Global("torch", type), .. Text(key), .. Text("cpu"), (byte)'J', .. BitConverter.GetBytes(elements), (byte)'t', (byte)'Q'];

    /// <summary>A tensor that views a storage.</summary>
    public static byte[] Tensor(byte[] storage, int offset, int[] shape, int[] strides) =>
        [.. Global("torch._utils", "_rebuild_tensor_v2"), (byte)'(', .. storage, (byte)'J', .. BitConverter.GetBytes(offset), .. Numbers(shape), .. Numbers(strides), 0x89, (byte)'}', (byte)'t', (byte)'R'];

    /// <summary>A pickle of a dict with the given texts as keys and pickled values.</summary>
    public static byte[] Dict(params (string Key, byte[] Value)[] entries) =>
        [0x80, 2, (byte)'}', (byte)'(', .. entries.SelectMany(entry => (byte[])[.. Text(entry.Key), .. entry.Value]), (byte)'u', (byte)'.'];

    /// <summary>Writes a checkpoint of that pickle and those storages.</summary>
    public static string Write(string path, byte[] pickle, IReadOnlyDictionary<string, byte[]>? storages = null, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using FileStream stream = File.Create(path);
        using ZipArchive zip = new(stream, ZipArchiveMode.Create);
        Add(zip, "any/data.pkl", pickle, level);
        foreach ((string key, byte[] bytes) in storages ?? new Dictionary<string, byte[]>())
        {
            Add(zip, $"any/data/{key}", bytes, level);
        }

        return path;
    }

    /// <summary>Sets every checksum in a zip's directory to 0, as files have it whose writer left them out.</summary>
    public static byte[] WithoutChecksums(byte[] zip)
    {
        byte[] result = [.. zip];
        int end = result.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        int at = end < 0 ? result.Length : BitConverter.ToInt32(result, end + 16);
        while (at < end && result.AsSpan(at).StartsWith("PK\u0001\u0002"u8))
        {
            result.AsSpan(at + 16, 4).Clear();
            at += 46 + BitConverter.ToUInt16(result, at + 28) + BitConverter.ToUInt16(result, at + 30) + BitConverter.ToUInt16(result, at + 32);
        }

        return result;
    }

    private static void Add(ZipArchive zip, string name, byte[] bytes, CompressionLevel level)
    {
        using Stream entry = zip.CreateEntry(name, level).Open();
        entry.Write(bytes);
    }
}
