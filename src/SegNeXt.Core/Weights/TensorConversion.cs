using System.Buffers.Binary;

namespace SegNeXt.Core;

/// <summary>Numbers to and from their little-endian bytes in weight files.</summary>
internal static class TensorConversion
{
    /// <summary>Decodes elements of any type; 64-bit values are rounded to the nearest float.</summary>
    /// <param name="dtype">Type of the stored elements.</param>
    /// <param name="raw">Their bytes, little-endian.</param>
    /// <param name="values">One number per element.</param>
    public static void ToFloats(TensorDType dtype, ReadOnlySpan<byte> raw, Span<float> values)
    {
        int size = dtype.Size();
        if (dtype.IsFloatingPoint())
        {
            for (int i = 0; i < values.Length; i++)
            {
                ReadOnlySpan<byte> element = raw.Slice(i * size, size);
                values[i] = dtype switch
                {
                    TensorDType.F32 => BinaryPrimitives.ReadSingleLittleEndian(element),
                    TensorDType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                    TensorDType.BF16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(element) << 16),
                    _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                };
            }

            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> element = raw.Slice(i * size, size);
            values[i] = dtype == TensorDType.U64 ? BinaryPrimitives.ReadUInt64LittleEndian(element) : ReadInteger(dtype, element);
        }
    }

    /// <summary>Decodes integers and Booleans; a U64 above the range of Int64 wraps.</summary>
    /// <param name="dtype">Type of the stored elements, not a floating-point one.</param>
    /// <param name="raw">Their bytes, little-endian.</param>
    /// <param name="values">One number per element.</param>
    public static void ToInt64(TensorDType dtype, ReadOnlySpan<byte> raw, Span<long> values)
    {
        int size = dtype.Size();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ReadInteger(dtype, raw.Slice(i * size, size));
        }
    }

    /// <summary>Encodes floats as one of the floating-point types, rounding to the nearest, ties to even.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="dtype">F16, BF16, F32 or F64.</param>
    /// <param name="raw">Takes their bytes, little-endian.</param>
    public static void FromFloats(ReadOnlySpan<float> values, TensorDType dtype, Span<byte> raw)
    {
        int size = dtype.Size();
        for (int i = 0; i < values.Length; i++)
        {
            Span<byte> element = raw.Slice(i * size, size);
            switch (dtype)
            {
                case TensorDType.F32:
                    BinaryPrimitives.WriteSingleLittleEndian(element, values[i]);
                    break;
                case TensorDType.F16:
                    BinaryPrimitives.WriteHalfLittleEndian(element, (Half)values[i]);
                    break;
                case TensorDType.BF16:
                    BinaryPrimitives.WriteUInt16LittleEndian(element, ToBFloat16(values[i]));
                    break;
                case TensorDType.F64:
                    BinaryPrimitives.WriteDoubleLittleEndian(element, values[i]);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "A floating-point type is needed.");
            }
        }
    }

    private static ushort ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
        {
            // Rounding could carry a NaN's payload over into infinity; keep it quiet instead.
            return (ushort)((bits >> 16) | 0x40);
        }

        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    private static long ReadInteger(TensorDType dtype, ReadOnlySpan<byte> element) => dtype switch
    {
        TensorDType.I64 => BinaryPrimitives.ReadInt64LittleEndian(element),
        TensorDType.U64 => (long)BinaryPrimitives.ReadUInt64LittleEndian(element),
        TensorDType.I32 => BinaryPrimitives.ReadInt32LittleEndian(element),
        TensorDType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(element),
        TensorDType.I16 => BinaryPrimitives.ReadInt16LittleEndian(element),
        TensorDType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(element),
        TensorDType.I8 => (sbyte)element[0],
        TensorDType.U8 => element[0],
        TensorDType.Bool => element[0] != 0 ? 1 : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "An integer type is needed."),
    };
}
