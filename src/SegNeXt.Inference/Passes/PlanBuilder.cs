using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>A loop over independent items; phases run one after the other.</summary>
/// <param name="Name">What it computes, for profiles.</param>
/// <param name="Items">Number of items.</param>
/// <param name="Body">Gets the thread and the item.</param>
internal sealed record Phase(string Name, int Items, Action<int, int> Body);

/// <summary>Collects the phases of a picture's way through the network, and hands out memory for its maps.</summary>
internal sealed unsafe class PlanBuilder(KernelSet kernels, int threads, Arena arena)
{
    // More items than threads, so that a thread which the system has put aside holds up little.
    private const int ItemsPerThread = 3;

    public KernelSet Kernels => kernels;

    public int Threads => threads;

    public Arena Arena => arena;

    public List<Phase> Phases { get; } = [];

    /// <summary>Adds a loop.</summary>
    public void Add(string name, int items, Action<int, int> body) => Phases.Add(new(name, items, body));

    /// <summary>
    /// Adds a loop over bands of rows. How many bands there are depends on the number of threads; what a row's values are
    /// does not.
    /// </summary>
    /// <param name="name">What it computes.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="least">Fewest rows in a band, where neighbouring bands compute some rows both.</param>
    /// <param name="body">Gets the thread and the band's first row and the row after its last.</param>
    public void AddBands(string name, int rows, int least, Action<int, int, int> body)
    {
        int bands = Math.Clamp(rows / least, 1, threads == 1 ? 1 : threads * ItemsPerThread);
        bands = bands > threads ? bands / threads * threads : bands;
        Add(name, bands, (thread, band) => body(thread, (int)((long)rows * band / bands), (int)((long)rows * (band + 1) / bands)));
    }

    /// <summary>Memory of each thread's own.</summary>
    public ThreadScratch TakeScratch(long count)
    {
        long padded = (count + 15) / 16 * 16;
        return new(arena.Take(padded * threads), padded);
    }
}

/// <summary>As much memory for each thread.</summary>
internal readonly unsafe struct ThreadScratch(float* start, long size)
{
    public float* Of(int thread) => start + (thread * size);
}
