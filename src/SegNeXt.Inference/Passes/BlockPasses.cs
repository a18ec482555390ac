using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// The blocks of a stage, each over bands of rows: attention and feed-forward follow each other down the map, so that of
/// what lies between them only a window exists, which stays in the last-level cache. A small map is one band.
/// </summary>
internal sealed unsafe class BlockPasses
{
    // Maps that a block works on at the same time: x, projected, summed, and the result.
    private const int Maps = 4;

    // Up to the first the maps of a block are taken as a whole; beyond it, bands of the second.
    private const long WholeBytes = 20L * 1024 * 1024, BandBytes = 8L * 1024 * 1024;
    private const int LeastRows = 32;

    // Bands of attention to one of the feed-forward part, which computes two rows more than it has, and needs little from memory.
    private const int BandsTogether = 2;

    private readonly PlanBuilder _plan;
    private readonly VectorMap _projected;
    private readonly Map _summed;
    private readonly ThreadScratch _scratch;
    private readonly float* _rings;
    private readonly int _rows;

    /// <summary>Takes memory for the blocks of a stage.</summary>
    /// <param name="plan">Where they will be added.</param>
    /// <param name="height">Rows of the map.</param>
    /// <param name="width">Columns of the map.</param>
    /// <param name="channels">Channels, whole vectors.</param>
    /// <param name="blocks">The blocks' weights.</param>
    public BlockPasses(PlanBuilder plan, int height, int width, int channels, BlockWeights[] blocks)
    {
        _plan = plan;
        long rowBytes = (long)Maps * width * channels * sizeof(float);
        _rows = rowBytes * height <= WholeBytes ? height : (int)Math.Min(height, Math.Max(LeastRows, BandBytes / rowBytes));
        int held = _rows == height ? height + (2 * AttentionPasses.Margin) : _rows + AttentionPasses.Ahead + AttentionPasses.Margin;
        _projected = plan.Arena.TakeVectorWindow(height, width, channels, plan.Kernels.VectorLength, AttentionPasses.Margin, held);
        _summed = plan.Arena.TakeWindow(height, width, channels, 0, _rows);
        _rings = _rows == height ? null : plan.Arena.Take(blocks.Max(block => AttentionPasses.RingsSize(plan, width, block)));
        _scratch = plan.TakeScratch(blocks.Max(block => Math.Max(
            AttentionPasses.ScratchSize(width, channels, block), FeedForwardPass.ScratchSize(width, block))));
    }

    /// <summary>What is still to be added to the result of the block before, if anything.</summary>
    public Map? Pending { get; private set; }

    /// <summary>Adds what is pending to a row, if anything.</summary>
    public static void Complete(KernelSet kernels, Map x, Map? pending, int y)
    {
        if (pending is { } rest)
        {
            kernels.Add(rest.Row(y), x.Row(y), (nint)x.Width * x.Channels);
        }
    }

    /// <summary>Adds a block: y = feed-forward(attention(x)), x with what is pending; x is changed.</summary>
    public void Add(Map x, Map y, BlockWeights block)
    {
        int height = x.Height, projected = 0, fed = 0;

        // Of a map that is held as a window there is no memory for a second result.
        int parts = _rows == height ? FeedForwardPass.Parts(height, x.Width, block) : 1;
        for (int top = 0; top < height; top += _rows)
        {
            int bottom = Math.Min(top + _rows, height);
            int ahead = Math.Min(bottom + AttentionPasses.Ahead, height);
            if (ahead > projected)
            {
                AttentionPasses.AddProjectIn(_plan, x, Pending, _projected, block, projected, ahead);
                projected = ahead;
            }

            if (_rows == height)
            {
                AttentionPasses.AddStrips(_plan, _projected, _summed, block, _scratch);
            }
            else
            {
                AttentionPasses.AddStripsBand(_plan, _projected, _summed, block, _rings, top, bottom);
            }

            AttentionPasses.AddProjectOut(_plan, x, _projected, _summed, block, _scratch, top, bottom);

            if (bottom == height || bottom - fed >= BandsTogether * _rows)
            {
                // The last row's feed-forward reads a row of the next band.
                int feed = bottom == height ? height : bottom - 1;
                FeedForwardPass.Add(_plan, x, y, _summed, parts, block, _scratch, fed, feed);
                fed = feed;
            }
        }

        Pending = parts > 1 ? _summed : null;
    }
}
