using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The attention half of a block (paper, Figure 2): x = x + ls1 · (proj_2(MSCA(GELU(proj_1(norm1(x))))) + norm1(x)), in
/// three loops. Cost a pixel: 3C² + C · (25 + 3 · 39) multiply-adds.
/// </summary>
internal static unsafe class AttentionPasses
{
    /// <summary>Margin of the projected map: 5×5 looks two pixels over the edge.</summary>
    public const int Margin = 2;

    /// <summary>Rows of the projected map below a row that its strips need: half of the longest, and of 5×5.</summary>
    public const int Ahead = StripRoll.Reach + Margin;

    private const int FewRows = 4, PixelsTogether = 128;

    // A tile's rings of rows stay in the second-level cache.
    private const int MostColumns = 128, LeastColumns = 64, LeastRows = 16;

    /// <summary>Floats that a thread needs.</summary>
    public static long ScratchSize(int width, int channels, BlockWeights block) =>
        Math.Max(StripRoll.RingSize(Math.Min(width, MostColumns), SliceSize(block)), (long)RowsTogether(width) * width * channels);

    /// <summary>Floats that the rings of all tiles need, where strips are rolled down a map in bands.</summary>
    public static long RingsSize(PlanBuilder plan, int width, BlockWeights block) =>
        (long)block.Attention.Length * Across(plan, width, block) * RingSize(plan, width, block);

    /// <summary>projected = GELU(proj_1(norm1(x))) of some rows, after what is pending has been added to x.</summary>
    public static void AddProjectIn(PlanBuilder plan, Map x, Map? pending, VectorMap projected, BlockWeights block, int top, int bottom)
    {
        KernelSet kernels = plan.Kernels;
        plan.AddBands("proj_1", bottom - top, FewRows, (_, from, to) =>
        {
            projected.ClearMarginOf(top + from, top + to);
            for (int y = top + from; y < top + to; y++)
            {
                BlockPasses.Complete(kernels, x, pending, y);
                kernels.ProductByVectors(MatrixRows.Plain(x.Row(y), x.Channels, x.Channels), x.Width, block.ProjectIn, projected.Row(y), projected.VectorStride);
                for (int v = 0; v < projected.Vectors; v++)
                {
                    float* row = projected.Row(y) + (v * projected.VectorStride);
                    kernels.Gelu(row, row, x.Width * projected.PixelStride);
                }
            }
        });
    }

    /// <summary>summed = the sum of the strips over the whole map, each tile in one go.</summary>
    public static void AddStrips(PlanBuilder plan, VectorMap projected, Map summed, BlockWeights block, ThreadScratch scratch)
    {
        KernelSet kernels = plan.Kernels;
        plan.AddTiles("strips", projected.Height, projected.Width, block.Attention.Length, (projected.Height, MostColumns), LeastRows, (thread, tile, slice) =>
            new StripRoll(kernels, projected, summed, block.Attention[slice], tile, scratch.Of(thread)).Run(fresh: true));
    }

    /// <summary>summed = the sum of the strips of some rows, where those above have been done before.</summary>
    /// <param name="plan">Where it is added.</param>
    /// <param name="projected">GELU(proj_1(·)), down to <see cref="Ahead"/> rows below.</param>
    /// <param name="summed">The sum.</param>
    /// <param name="block">The weights.</param>
    /// <param name="rings">Memory that stays from band to band, as <see cref="RingsSize"/> says.</param>
    /// <param name="top">The first row; 0 begins anew.</param>
    /// <param name="bottom">The row after the last.</param>
    public static void AddStripsBand(PlanBuilder plan, VectorMap projected, Map summed, BlockWeights block, float* rings, int top, int bottom)
    {
        KernelSet kernels = plan.Kernels;
        int slices = block.Attention.Length, width = projected.Width, across = Across(plan, width, block);
        long size = RingSize(plan, width, block);
        plan.Add("strips", slices * across, (_, item) =>
        {
            int column = item / slices;
            Tile tile = new(top, bottom, PlanBuilder.Part(width, column, across), PlanBuilder.Part(width, column + 1, across));
            new StripRoll(kernels, projected, summed, block.Attention[item % slices], tile, rings + (item * size)).Run(fresh: top == 0);
        });
    }

    /// <summary>x = proj_2(conv3(summed) ∘ projected), and the shortcut, of some rows.</summary>
    public static void AddProjectOut(PlanBuilder plan, Map x, VectorMap projected, Map summed, BlockWeights block, ThreadScratch scratch, int top, int bottom)
    {
        KernelSet kernels = plan.Kernels;
        plan.AddBands("conv3, proj_2", bottom - top, FewRows, (thread, from, to) =>
        {
            int c = x.Channels, end = top + to, together = RowsTogether(x.Width);
            nint stride = (nint)x.Width * c;
            for (int first = top + from; first < end; first += together)
            {
                int rows = Math.Min(together, end - first);
                for (int i = 0; i < rows; i++)
                {
                    MatrixRows sums = MatrixRows.Plain(summed.Row(first + i), c, c);
                    kernels.ProductTimes(
                        sums, x.Width, block.Mixing, projected.Row(first + i), projected.PixelStride, projected.VectorStride, scratch.Of(thread) + (i * stride), c);
                }

                for (int i = 0; i < rows; i++)
                {
                    float* row = x.Row(first + i);
                    kernels.ProductPlusScaled(MatrixRows.Plain(scratch.Of(thread) + (i * stride), c, c), x.Width, block.ProjectOut, row, block.Shortcut.Data, row, c);
                }
            }
        });
    }

    /// <summary>Rows that go through <c>conv3</c> before <c>proj_2</c>'s turn: the caches hold not much more than one of the two matrices.</summary>
    private static int RowsTogether(int width) => Math.Max(1, PixelsTogether / width);

    private static int SliceSize(BlockWeights block) => block.Attention.Max(slice => slice.Channels);

    /// <summary>Tiles side by side: as many as stay in the cache, or as keep all threads busy.</summary>
    private static int Across(PlanBuilder plan, int width, BlockWeights block)
    {
        int slices = block.Attention.Length, least = (width + MostColumns - 1) / MostColumns;
        return Math.Max(least, Math.Min((plan.Threads + slices - 1) / slices, Math.Max(1, width / LeastColumns)));
    }

    private static long RingSize(PlanBuilder plan, int width, BlockWeights block) =>
        StripRoll.RingSize((width / Across(plan, width, block)) + 1, SliceSize(block));
}
