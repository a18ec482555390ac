namespace SegNeXt.Torch;

/// <summary>Type of a tensor's elements; the numbers are libtorch's.</summary>
public enum ScalarType : sbyte
{
    /// <summary>8 bits without sign (<see cref="byte"/>).</summary>
    UInt8 = 0,

    /// <summary>8 bits with sign (<see cref="sbyte"/>).</summary>
    Int8 = 1,

    /// <summary>16 bits with sign (<see cref="short"/>).</summary>
    Int16 = 2,

    /// <summary>32 bits with sign (<see cref="int"/>).</summary>
    Int32 = 3,

    /// <summary>64 bits with sign (<see cref="long"/>); the type of indices and labels.</summary>
    Int64 = 4,

    /// <summary>IEEE half precision (<see cref="Half"/>).</summary>
    Float16 = 5,

    /// <summary>Single precision (<see cref="float"/>).</summary>
    Float32 = 6,

    /// <summary>Double precision (<see cref="double"/>).</summary>
    Float64 = 7,

    /// <summary>Truth values, a byte each (<see cref="bool"/>).</summary>
    Bool = 11,

    /// <summary>The upper half of a single; convert with <see cref="Tensor.To(ScalarType)"/> to read it.</summary>
    BFloat16 = 15,
}

/// <summary>What <see cref="ScalarType"/> does not say by itself.</summary>
internal static class ScalarTypes
{
    /// <summary>Whether values are rounded reals.</summary>
    internal static bool IsFloatingPoint(this ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    /// <summary>The scalar type of a .NET element type.</summary>
    /// <exception cref="ArgumentException">Tensors have no such element type.</exception>
    internal static ScalarType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return ScalarType.Float32;
        }

        if (typeof(T) == typeof(double))
        {
            return ScalarType.Float64;
        }

        if (typeof(T) == typeof(long))
        {
            return ScalarType.Int64;
        }

        if (typeof(T) == typeof(int))
        {
            return ScalarType.Int32;
        }

        if (typeof(T) == typeof(byte))
        {
            return ScalarType.UInt8;
        }

        if (typeof(T) == typeof(bool))
        {
            return ScalarType.Bool;
        }

        if (typeof(T) == typeof(short))
        {
            return ScalarType.Int16;
        }

        if (typeof(T) == typeof(sbyte))
        {
            return ScalarType.Int8;
        }

        if (typeof(T) == typeof(Half))
        {
            return ScalarType.Float16;
        }

        throw new ArgumentException($"A tensor has no elements of type {typeof(T)}.");
    }
}
