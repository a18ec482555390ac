using System.Buffers.Binary;
using System.Text;

namespace SegNeXt.Core.Tests;

/// <summary>Safetensors files put together by hand, well-formed or not.</summary>
internal static class RawSafetensors
{
    /// <summary>Writes header length, header and that many bytes of data.</summary>
    public static string Write(string path, string header, int dataLength, long? headerLength = null)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, headerLength ?? json.Length);
        json.CopyTo(file.AsSpan(8));
        for (int i = 0; i < dataLength; i++)
        {
            file[8 + json.Length + i] = (byte)i;
        }

        File.WriteAllBytes(path, file);
        return path;
    }
}
