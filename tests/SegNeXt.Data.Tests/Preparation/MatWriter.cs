using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SegNeXt.Data.Tests;

/// <summary>Writes MATLAB files of level 5, as the format's description has them, for tests of the reader.</summary>
internal sealed class MatWriter
{
    public const int UInt8Class = 9;
    public const int UInt16Class = 11;
    public const int DoubleClass = 6;

    private readonly List<byte> _bytes = [];
    private readonly bool _bigEndian;

    private MatWriter(bool bigEndian) => _bigEndian = bigEndian;

    /// <summary>A file of variables, each an element made by this class.</summary>
    public static byte[] File(bool compressed, bool bigEndian, params byte[][] variables)
    {
        MatWriter writer = new(bigEndian);
        byte[] text = Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, Platform: test".PadRight(124));
        writer._bytes.AddRange(text);
        writer._bytes.AddRange((byte[])(bigEndian ? [0x01, 0x00, (byte)'M', (byte)'I'] : [0x00, 0x01, (byte)'I', (byte)'M']));
        foreach (byte[] variable in variables)
        {
            if (!compressed)
            {
                writer._bytes.AddRange(variable);
                continue;
            }

            using MemoryStream packed = new();
            using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                zlib.Write(variable);
            }

            writer.Word(15);
            writer.Word((uint)packed.Length);
            writer._bytes.AddRange(packed.ToArray());
        }

        return writer._bytes.ToArray();
    }

    /// <summary>A matrix of numbers given row by row.</summary>
    public static byte[] Matrix(string name, int matrixClass, int rows, int columns, double[] values, bool bigEndian = false, int? storedType = null)
    {
        MatWriter writer = new(bigEndian);
        writer.Head(matrixClass, name, rows, columns);
        int type = storedType ?? matrixClass switch { UInt8Class => 2, UInt16Class => 4, DoubleClass => 9, _ => throw new ArgumentOutOfRangeException(nameof(matrixClass)) };
        MatWriter numbers = new(bigEndian);
        for (int x = 0; x < columns; x++)
        {
            for (int y = 0; y < rows; y++)
            {
                numbers.Number(type, values[(y * columns) + x]);
            }
        }

        writer.Element(type, numbers._bytes.ToArray());
        return writer.Wrap();
    }

    /// <summary>A structure of one element.</summary>
    public static byte[] Struct(string name, bool bigEndian, params (string Name, byte[] Value)[] fields)
    {
        MatWriter writer = new(bigEndian);
        writer.Head(2, name, 1, 1);
        writer.Element(5, writer.Bytes(32));
        writer.Element(1, [.. fields.SelectMany(field => Encoding.ASCII.GetBytes(field.Name.PadRight(32, '\0')))]);
        foreach ((_, byte[] value) in fields)
        {
            writer._bytes.AddRange(value);
        }

        return writer.Wrap();
    }

    /// <summary>An empty cell array, of which a reader of numbers knows nothing.</summary>
    public static byte[] Cell(bool bigEndian = false)
    {
        MatWriter writer = new(bigEndian);
        writer.Head(1, "", 0, 0);
        return writer.Wrap();
    }

    private byte[] Wrap()
    {
        MatWriter outer = new(_bigEndian);
        outer.Element(14, _bytes.ToArray(), allowShort: false);
        return outer._bytes.ToArray();
    }

    private void Head(int matrixClass, string name, int rows, int columns)
    {
        Element(6, [.. Bytes((uint)matrixClass), .. Bytes(0)]);
        Element(5, [.. Bytes((uint)rows), .. Bytes((uint)columns)]);
        Element(1, Encoding.ASCII.GetBytes(name));
    }

    private void Element(int type, byte[] content, bool allowShort = true)
    {
        if (allowShort && content.Length is > 0 and <= 4)
        {
            Word(((uint)content.Length << 16) | (uint)type);
            _bytes.AddRange(content);
            _bytes.AddRange(new byte[4 - content.Length]);
            return;
        }

        Word((uint)type);
        Word((uint)content.Length);
        _bytes.AddRange(content);
        _bytes.AddRange(new byte[-content.Length & 7]);
    }

    private void Number(int type, double value)
    {
        byte[] bytes = type switch
        {
            1 => [(byte)(sbyte)value],
            2 => [(byte)value],
            3 => BitConverter.GetBytes((short)value),
            4 => BitConverter.GetBytes((ushort)value),
            5 => BitConverter.GetBytes((int)value),
            6 => BitConverter.GetBytes((uint)value),
            7 => BitConverter.GetBytes((float)value),
            9 => BitConverter.GetBytes(value),
            12 => BitConverter.GetBytes((long)value),
            13 => BitConverter.GetBytes((ulong)value),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
        _bytes.AddRange(_bigEndian ? bytes.Reverse() : bytes);
    }

    private void Word(uint value) => _bytes.AddRange(Bytes(value));

    private byte[] Bytes(uint value)
    {
        byte[] bytes = new byte[4];
        if (_bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        }

        return bytes;
    }
}
