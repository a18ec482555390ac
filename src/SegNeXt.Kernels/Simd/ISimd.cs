using System.Runtime.Intrinsics;

namespace SegNeXt.Kernels;

/// <summary>
/// The vector operations that kernels are written in, once for all instruction sets: a kernel takes an implementation as
/// a type argument, and the JIT compiles a version of its own for each, with every call inlined.
/// </summary>
/// <typeparam name="TVector">The vector of single-precision numbers, a type that lives in registers.</typeparam>
/// <remarks>The vector is a type argument too, rather than a field of a wrapper: the JIT keeps only the former in registers for sure.</remarks>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of a matrix tile whose accumulators, two vectors a row, fit into the registers.</summary>
    static abstract int TileRows { get; }

    /// <summary>Whether <see cref="Lookup"/> is one instruction, and a table has 32 numbers.</summary>
    static abstract bool HasTables { get; }

    /// <summary>All zeros.</summary>
    static abstract TVector Zero { get; }

    /// <summary>Reads a vector; the address need not be aligned.</summary>
    static abstract TVector Load(float* source);

    /// <summary>Writes a vector; the address need not be aligned.</summary>
    static abstract void Store(float* target, TVector value);

    /// <summary>One number in all places.</summary>
    static abstract TVector Broadcast(float value);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a + b, a being one number in all places: an addition that spreads what it reads, where the machine has one.</summary>
    static abstract TVector AddSpread(float* a, TVector b);

    /// <summary>a − b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a · b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a / b.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a · b + c, rounded once where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>a · b + c, a being one number in all places.</summary>
    static abstract TVector MultiplyAddSpread(float* a, TVector b, TVector c);

    /// <summary>a · b − c, rounded once where the machine can.</summary>
    static abstract TVector MultiplySubtract(TVector a, TVector b, TVector c);

    /// <summary>The smaller of each pair.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>The larger of each pair.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>Absolute values.</summary>
    static abstract TVector Abs(TVector value);

    /// <summary>In each place <paramref name="yes"/> where a &gt; b, <paramref name="no"/> elsewhere.</summary>
    static abstract TVector SelectGreater(TVector a, TVector b, TVector yes, TVector no);

    /// <summary>In each place the number of a table, two vectors long, that the lowest bits of <paramref name="index"/>'s place name.</summary>
    static abstract TVector Lookup(TVector index, TVector low, TVector high);

    /// <summary>The sum of all places.</summary>
    static abstract float Sum(TVector value);

    /// <summary>The sums of four vectors.</summary>
    static abstract Vector128<float> Sums(TVector a, TVector b, TVector c, TVector d);

    /// <summary>The largest of all places.</summary>
    static abstract float Largest(TVector value);

    /// <summary>e to the power of each place.</summary>
    static abstract TVector Exp(TVector value);
}
