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
    // More bands than threads, so that a thread which the system has put aside holds up little.
    private const int MostBandsPerThread = 4;

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
        int bands = Bands(rows, Math.Max(1, rows / least));
        Add(name, bands, (thread, band) => body(thread, Part(rows, band, bands), Part(rows, band + 1, bands)));
    }

    /// <summary>
    /// Adds a loop over tiles of a map, for work that looks over a tile's edge and computes some of its neighbours' values
    /// again: as few tiles as keep all threads busy and what a tile needs in the cache.
    /// </summary>
    /// <param name="name">What it computes.</param>
    /// <param name="height">Rows of the map.</param>
    /// <param name="width">Columns of the map.</param>
    /// <param name="parts">Independent parts of each tile's work, such as slices of channels.</param>
    /// <param name="most">Most rows and columns of a tile.</param>
    /// <param name="leastRows">Fewest rows of a tile, but for threads that would have nothing to do.</param>
    /// <param name="body">Gets the thread, the tile and the part.</param>
    public void AddTiles(string name, int height, int width, int parts, (int Rows, int Columns) most, int leastRows, Action<int, Tile, int> body)
    {
        TileCut cut = Cut(height, width, parts, most, leastRows);
        Add(name, cut.Count, (thread, item) =>
        {
            Tile tile = cut.Of(item, out int part);
            body(thread, tile, part);
        });
    }

    /// <summary>The same for work that goes over a tile's rows in several passes, from above, and whose rows threads may take over from each other.</summary>
    /// <param name="name">What it computes.</param>
    /// <param name="height">Rows of the map.</param>
    /// <param name="width">Columns of the map.</param>
    /// <param name="passes">Passes over each part of a tile's work.</param>
    /// <param name="most">Most rows and columns of a tile.</param>
    /// <param name="leastRows">Fewest rows of a tile, but for threads that would have nothing to do.</param>
    /// <param name="step">Most rows that are computed together.</param>
    /// <param name="body">The work.</param>
    public void AddSharedTiles(string name, int height, int width, int[] passes, (int Rows, int Columns) most, int leastRows, int step, RowPass body)
    {
        TileCut cut = Cut(height, width, passes.Length, most, leastRows);
        Add(name, cut.Count, new SharedRows(cut, threads, step, passes, body).Run);
    }

    private TileCut Cut(int height, int width, int parts, (int Rows, int Columns) most, int leastRows)
    {
        int across = DivideUp(width, most.Columns), down = DivideUp(height, most.Rows);
        int wanted = DivideUp(threads, parts * across * down);

        // Tiles are cut across their longer side, where the edge is short.
        if (width / across > height / down)
        {
            across *= wanted;
        }
        else
        {
            down *= Math.Clamp(wanted, 1, Math.Max(1, height / down / leastRows));
        }

        return new(height, width, parts, down, across);
    }

    /// <summary>The number of bands, at most so many, with which equally fast threads are done first; of equally good ones the finest.</summary>
    private int Bands(int rows, int most)
    {
        if (threads == 1 || most <= threads)
        {
            return threads == 1 ? 1 : most;
        }

        int best = threads, shortest = int.MaxValue;
        for (int bands = threads; bands <= Math.Min(most, threads * MostBandsPerThread); bands++)
        {
            int rowsOfSlowest = DivideUp(rows, bands) * DivideUp(bands, threads);
            if (rowsOfSlowest <= shortest)
            {
                (best, shortest) = (bands, rowsOfSlowest);
            }
        }

        return best;
    }

    /// <summary>a / b, rounded up.</summary>
    public static int DivideUp(int a, int b) => (a + b - 1) / b;

    /// <summary>Memory of each thread's own.</summary>
    public ThreadScratch TakeScratch(long count)
    {
        long padded = (count + 15) / 16 * 16;
        return new(arena.Take(padded * threads), padded);
    }

    /// <summary>Where a part of a whole begins.</summary>
    public static int Part(int whole, int index, int parts) => (int)((long)whole * index / parts);
}

/// <summary>Rows and columns of a map: from each first one to before each end.</summary>
internal readonly record struct Tile(int Top, int Bottom, int Left, int Right)
{
    public int Width => Right - Left;
}

/// <summary>A map cut into tiles, and each tile's work into parts, item by item.</summary>
internal readonly record struct TileCut(int Height, int Width, int Parts, int Down, int Across)
{
    public int Count => Parts * Down * Across;

    /// <summary>The tile of an item, and its part.</summary>
    public Tile Of(int item, out int part)
    {
        part = item % Parts;
        int column = item / Parts % Across, row = item / Parts / Across;
        return new(
            PlanBuilder.Part(Height, row, Down), PlanBuilder.Part(Height, row + 1, Down), PlanBuilder.Part(Width, column, Across), PlanBuilder.Part(Width, column + 1, Across));
    }
}

/// <summary>As much memory for each thread.</summary>
internal readonly unsafe struct ThreadScratch(float* start, long size)
{
    public float* Of(int thread) => start + (thread * size);
}
