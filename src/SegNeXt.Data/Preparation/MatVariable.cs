using System.Buffers.Binary;
using System.Text;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A matrix of whole numbers, as the file has it: columns one after the other.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Values">The numbers; index <c>x·Rows + y</c>.</param>
internal sealed record MatMatrix(int Rows, int Columns, long[] Values)
{
    /// <summary>The matrix as a label map.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="map">The label that a number becomes, or null where it must not occur.</param>
    /// <param name="expected">The allowed numbers in words.</param>
    /// <exception cref="InputException">A number must not occur.</exception>
    public LabelMap ToLabel(string path, Func<long, byte?> map, string expected)
    {
        LabelMap label = new(Columns, Rows);
        for (int x = 0; x < Columns; x++)
        {
            for (int y = 0; y < Rows; y++)
            {
                long value = Values[(x * Rows) + y];
                label.Ids[(y * Columns) + x] = map(value)
                    ?? throw new InputException($"{path}: pixel ({x}, {y}) has the value {value}, but there are {expected}.");
            }
        }

        return label;
    }
}

/// <summary>A variable of a MATLAB file, its content still as the file has it.</summary>
internal readonly ref struct MatVariable
{
    private const int StructClass = 2;
    private const int FirstNumberClass = 6;
    private const int LastNumberClass = 15;
    private const int OpaqueClass = 17;
    private const int ComplexFlag = 0x0800;

    /// <summary>Far more than a label map has.</summary>
    private const long MaxPixels = 1L << 28;

    private readonly uint _flags;
    private readonly ReadOnlySpan<byte> _dimensions;
    private readonly MatReader _content;

    private MatVariable(string name, uint flags, ReadOnlySpan<byte> dimensions, MatReader content)
    {
        Name = name;
        _flags = flags;
        _dimensions = dimensions;
        _content = content;
    }

    /// <summary>Its name; empty for a field's content.</summary>
    public string Name { get; }

    private int Class => (int)(_flags & 0xFF);

    /// <summary>Reads a matrix element's head.</summary>
    /// <exception cref="InputException">It is malformed.</exception>
    public static MatVariable Parse(ReadOnlySpan<byte> element, MatReader parent)
    {
        MatReader reader = parent.Into(element);
        ReadOnlySpan<byte> flags = reader.Next(MatReader.UInt32);
        if (flags.Length == 8 && (reader.UInt(flags) & 0xFF) == OpaqueClass)
        {
            // Objects of classes have no dimensions here, and nothing that is wanted.
            return new MatVariable("", OpaqueClass, [], reader);
        }

        ReadOnlySpan<byte> dimensions = reader.Next(MatReader.Int32);
        string name = Encoding.ASCII.GetString(reader.Next(MatReader.Int8));
        return flags.Length == 8 && dimensions.Length >= 8 && dimensions.Length % 4 == 0
            ? new MatVariable(name, reader.UInt(flags), dimensions, reader)
            : throw reader.Damaged();
    }

    /// <summary>A field of the first structure.</summary>
    /// <exception cref="InputException">This is no structure or has no such field, or is malformed.</exception>
    public MatVariable Field(string field)
    {
        MatReader reader = _content;
        if (Class != StructClass)
        {
            throw new InputException($"{reader.Path}: its variable {Name} is no structure with the field {field}.");
        }

        ReadOnlySpan<byte> length = reader.Next(MatReader.Int32);
        ReadOnlySpan<byte> names = reader.Next(MatReader.Int8);
        uint nameLength = length.Length == 4 ? reader.UInt(length) : 0;
        if (nameLength is 0 or > 1024 || names.Length % nameLength != 0)
        {
            throw reader.Damaged();
        }

        for (int at = 0; at < names.Length; at += (int)nameLength)
        {
            ReadOnlySpan<byte> content = reader.Next(MatReader.Matrix);
            ReadOnlySpan<byte> name = names.Slice(at, (int)nameLength);
            int end = name.IndexOf((byte)0);
            if (Encoding.ASCII.GetString(end < 0 ? name : name[..end]) == field)
            {
                return Parse(content, reader);
            }
        }

        throw new InputException($"{reader.Path}: its variable {Name} has no field {field}.");
    }

    /// <summary>The numbers.</summary>
    /// <exception cref="InputException">It is no matrix of real whole numbers, or is malformed.</exception>
    public MatMatrix ToMatrix()
    {
        MatReader reader = _content;
        uint rows = reader.UInt(_dimensions);
        uint columns = reader.UInt(_dimensions[4..]);
        if (Class is < FirstNumberClass or > LastNumberClass || (_flags & ComplexFlag) != 0 || _dimensions.Length != 8)
        {
            throw new InputException($"{reader.Path}: holds something else than a matrix of numbers where the labels should be.");
        }

        long count = (long)rows * columns;
        if (rows is 0 or > int.MaxValue || columns is 0 or > int.MaxValue || count > MaxPixels)
        {
            throw new InputException($"{reader.Path}: holds a matrix of {columns}×{rows} numbers, which is no label map.");
        }

        ReadOnlySpan<byte> data = reader.Next(out int type);
        int size = SizeOf(type);
        if (size == 0 || data.Length != count * size)
        {
            throw reader.Damaged();
        }

        long[] values = new long[count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Number(data.Slice(i * size, size), type, reader);
        }

        return new MatMatrix((int)rows, (int)columns, values);
    }

    private static int SizeOf(int type) => type switch
    {
        MatReader.Int8 or MatReader.UInt8 => 1,
        MatReader.Int16 or MatReader.UInt16 => 2,
        MatReader.Int32 or MatReader.UInt32 or MatReader.Single => 4,
        MatReader.Double or MatReader.Int64 or MatReader.UInt64 => 8,
        _ => 0,
    };

    private static long Number(ReadOnlySpan<byte> bytes, int type, MatReader reader)
    {
        Span<byte> little = stackalloc byte[8];
        bytes.CopyTo(little);
        if (reader.IsBigEndian)
        {
            little[..bytes.Length].Reverse();
        }

        switch (type)
        {
            case MatReader.Int8:
                return (sbyte)little[0];
            case MatReader.Int16:
                return BinaryPrimitives.ReadInt16LittleEndian(little);
            case MatReader.Int32:
                return BinaryPrimitives.ReadInt32LittleEndian(little);
            case MatReader.Single:
                return Whole(BinaryPrimitives.ReadSingleLittleEndian(little), reader);
            case MatReader.Double:
                return Whole(BinaryPrimitives.ReadDoubleLittleEndian(little), reader);
            default:
                // Unsigned numbers are filled up with zeros; what does not fit into a long is no label either.
                return (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(little), long.MaxValue);
        }
    }

    private static long Whole(double value, MatReader reader) => value == Math.Floor(value) && Math.Abs(value) < 1e15
        ? (long)value
        : throw new InputException($"{reader.Path}: holds numbers that are not whole where the labels should be.");
}
