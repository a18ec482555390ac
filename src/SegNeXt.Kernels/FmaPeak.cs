using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SegNeXt.Kernels;

/// <summary>
/// The most multiply-adds that the cores of this machine do in a second, measured: chains of them that never leave the
/// registers, on all threads at once. What a network needs at the least follows from it.
/// </summary>
public static class FmaPeak
{
    /// <summary>Independent chains: more than the latency of a multiply-add (4 or 5) times those begun in a cycle (2); they fit into 16 registers.</summary>
    private const int Chains = 12;

    /// <summary>Steps of all chains in one round: about 2 ms, so that some rounds pass undisturbed on a busy machine.</summary>
    private const int Steps = 1 << 20;

    /// <summary>The fastest counts: neighbours and a clock that is still rising only ever slow a round down.</summary>
    private const int Rounds = 200;

    private static float s_sink;

    /// <summary>Measures, in about 0.4 s.</summary>
    /// <param name="threads">Threads that work at once; at least 1.</param>
    /// <param name="level">The instruction set, or null for the best that the machine has.</param>
    /// <returns>Floating-point operations a second of all threads together; a multiply-add counts two.</returns>
    /// <exception cref="PlatformNotSupportedException">The machine does not have that level.</exception>
    public static double Measure(int threads, InstructionLevel? level = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        KernelSet kernels = level is { } one ? KernelSet.For(one) : KernelSet.Best;
        Func<int, float> chains = kernels.Level switch
        {
            InstructionLevel.Avx512 => Run<Simd512, Vector512<float>>,
            InstructionLevel.Avx2 => Run<Simd256, Vector256<float>>,
            _ => Run<Simd128, Vector128<float>>,
        };
        double fastest = Fastest(threads, chains);
        return 2.0 * Chains * kernels.VectorLength * Steps * threads / fastest;
    }

    /// <summary>Seconds of the fastest round, from the first thread's start to the last one's end.</summary>
    private static double Fastest(int threads, Func<int, float> chains)
    {
        chains(1);
        long[] starts = new long[threads], ends = new long[threads];
        double fastest = double.PositiveInfinity;
        using Barrier together = new(threads);
        void Work(int thread)
        {
            for (int round = 0; round < Rounds; round++)
            {
                together.SignalAndWait();
                starts[thread] = Stopwatch.GetTimestamp();
                s_sink = chains(Steps);
                ends[thread] = Stopwatch.GetTimestamp();
                together.SignalAndWait();
                if (thread == 0)
                {
                    fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds);
                }
            }
        }

        Thread[] helpers = [.. Enumerable.Range(1, threads - 1).Select(thread => new Thread(() => Work(thread)) { IsBackground = true })];
        Array.ForEach(helpers, helper => helper.Start());
        Work(0);
        Array.ForEach(helpers, helper => helper.Join());
        return fastest;
    }

    /// <summary>a = a·x + y, twelve times side by side. Values stay near 1: neither overflow nor tiny numbers slow it down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run<TSimd, TVector>(int steps)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector x = TSimd.Broadcast(0.5f), y = TSimd.Broadcast(0.5f);
        TVector a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, a6 = x, a7 = x, a8 = x, a9 = x, a10 = x, a11 = x;
        for (int i = 0; i < steps; i++)
        {
            a0 = TSimd.MultiplyAdd(a0, x, y);
            a1 = TSimd.MultiplyAdd(a1, x, y);
            a2 = TSimd.MultiplyAdd(a2, x, y);
            a3 = TSimd.MultiplyAdd(a3, x, y);
            a4 = TSimd.MultiplyAdd(a4, x, y);
            a5 = TSimd.MultiplyAdd(a5, x, y);
            a6 = TSimd.MultiplyAdd(a6, x, y);
            a7 = TSimd.MultiplyAdd(a7, x, y);
            a8 = TSimd.MultiplyAdd(a8, x, y);
            a9 = TSimd.MultiplyAdd(a9, x, y);
            a10 = TSimd.MultiplyAdd(a10, x, y);
            a11 = TSimd.MultiplyAdd(a11, x, y);
        }

        TVector sum = TSimd.Add(TSimd.Add(TSimd.Add(a0, a1), TSimd.Add(a2, a3)), TSimd.Add(TSimd.Add(a4, a5), TSimd.Add(a6, a7)));
        return TSimd.Sum(TSimd.Add(sum, TSimd.Add(TSimd.Add(a8, a9), TSimd.Add(a10, a11))));
    }
}
