using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SegNeXt.TestUtilities;

/// <summary>
/// The arrays of a golden safetensors file, read by a few lines of their own: a test of pictures does not lean on the
/// weight reader that other tests examine.
/// </summary>
public sealed class GoldenArrays
{
    private readonly byte[] _data;
    private readonly Dictionary<string, (int[] Shape, int Begin, int End)> _entries = [];

    private GoldenArrays(byte[] file)
    {
        int header = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file));
        _data = file[(8 + header)..];
        using JsonDocument json = JsonDocument.Parse(file.AsMemory(8, header));
        foreach (JsonProperty entry in json.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
        {
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32())];
            JsonElement offsets = entry.Value.GetProperty("data_offsets");
            _entries[entry.Name] = (shape, offsets[0].GetInt32(), offsets[1].GetInt32());
        }
    }

    /// <summary>All names in the file.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Opens a golden file; skips the test where there is none.</summary>
    public static GoldenArrays Require(string name) => new(File.ReadAllBytes(TestPaths.RequireGolden(name)));

    /// <summary>The shape of an array.</summary>
    public int[] Shape(string name) => _entries[name].Shape;

    /// <summary>A U8 array.</summary>
    public byte[] Bytes(string name) => _data[_entries[name].Begin.._entries[name].End];

    /// <summary>An F32 array.</summary>
    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();
}
