using SegNeXt.Core;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>
/// From scores at an eighth of the picture's size to what the caller wants at its own: bilinear, <c>align_corners=False</c>,
/// as <c>resize</c> of the released code. Ids come without scores of full size ever being stored.
/// </summary>
internal sealed unsafe class UpsamplePasses
{
    // Classes that are resized together: they lie in one cache line of the scores.
    private const int Group = 16;
    private const int SoftmaxStrip = 1024;
    private const int LinePixels = 16;

    private readonly KernelSet _kernels;
    private readonly Map _logits;
    private readonly int _classes;
    private readonly int _height;
    private readonly int _width;
    private readonly ResizeTable _rows;
    private readonly ResizeTable _columns;
    private readonly ThreadScratch _scratch;
    private readonly Phase _argMax;
    private readonly Phase _planes;
    private readonly Phase _resize;
    private readonly Phase _softmax;
    private byte* _ids;
    private float* _scores;

    public UpsamplePasses(PlanBuilder plan, Map logits, int classes, int height, int width)
    {
        (_kernels, _logits, _classes, _height, _width) = (plan.Kernels, logits, classes, height, width);
        _rows = new ResizeTable(logits.Height, height);
        _columns = new ResizeTable(logits.Width, width);
        long resizing = Group * (logits.Width + (2L * width));
        _scratch = plan.TakeScratch(Math.Max(KernelSet.ArgMaxScratchSize(classes), resizing));
        _argMax = new Phase("argmax", _rows.CellStarts.Length - 1, ArgMaxRow);
        _planes = new Phase("planes", logits.Height, PlanesOfRow);
        _resize = new Phase("resize", (classes + Group - 1) / Group * Bands, ResizeGroup);
        _softmax = new Phase("softmax", (int)((((long)height * width) + SoftmaxStrip - 1) / SoftmaxStrip), Softmax);
    }

    // The resized rows of a band's edge are computed twice.
    private int Bands => Math.Clamp(_height / 256, 1, 64);

    /// <summary>Class ids at the picture's size.</summary>
    public void ArgMax(ThreadTeam team, byte* ids)
    {
        _ids = ids;
        team.For(_argMax.Items, _argMax.Body);
        _ids = null;
    }

    /// <summary>Scores <c>[K, h, w]</c> as the network gives them.</summary>
    public void Planes(ThreadTeam team, float* scores)
    {
        _scores = scores;
        team.For(_planes.Items, _planes.Body);
        _scores = null;
    }

    /// <summary>Scores <c>[K, H, W]</c> at the picture's size; after softmax if asked for.</summary>
    public void Scores(ThreadTeam team, float* scores, bool softmax)
    {
        _scores = scores;
        team.For(_resize.Items, _resize.Body);
        if (softmax)
        {
            team.For(_softmax.Items, _softmax.Body);
        }

        _scores = null;
    }

    /// <summary>All rows of pixels between two rows of scores.</summary>
    private void ArgMaxRow(int thread, int cellRow)
    {
        int y = _rows.CellStarts[cellRow], rows = _rows.CellStarts[cellRow + 1] - y;
        float* top = _logits.Row(_rows.First[y]), bottom = _logits.Row(_rows.Second[y]);
        for (int i = 0; i + 1 < _columns.CellStarts.Length; i++)
        {
            int x = _columns.CellStarts[i], columns = _columns.CellStarts[i + 1] - x;
            nint left = (nint)_columns.First[x] * _logits.Channels, right = (nint)_columns.Second[x] * _logits.Channels;
            ScoreCell cell = new(top + left, top + right, bottom + left, bottom + right, _columns.Fraction + x, columns, _rows.Fraction + y, rows);
            _kernels.ArgMax(cell, _classes, _ids + ((nint)y * _width) + x, _width, _scratch.Of(thread));
        }
    }

    /// <summary>A row of scores, from a class after the other at each pixel to a pixel after the other for each class.</summary>
    private void PlanesOfRow(int thread, int y)
    {
        for (int first = 0; first < _classes; first += Group)
        {
            float* target = _scores + (((nint)first * _logits.Height) + y) * _logits.Width;
            Transpose(y, first, Math.Min(Group, _classes - first), target, (nint)_logits.Height * _logits.Width);
        }
    }

    /// <summary>Some classes of a row of scores, a class a line.</summary>
    private void Transpose(int row, int firstClass, int count, float* target, nint targetStride)
    {
        // A cache line of the result at a time: its lines often lie a power of two apart, and would drive each other out.
        float* source = _logits.Row(row) + firstClass;
        int channels = _logits.Channels;
        for (int x = 0; x < _logits.Width; x += LinePixels, source += (nint)LinePixels * channels)
        {
            int pixels = Math.Min(LinePixels, _logits.Width - x);
            for (int k = 0; k < count; k++)
            {
                float* to = target + (k * targetStride) + x, from = source + k;
                for (int i = 0; i < pixels; i++, from += channels)
                {
                    to[i] = *from;
                }
            }
        }
    }

    /// <summary>Some classes of a band of rows.</summary>
    private void ResizeGroup(int thread, int item)
    {
        int first = item / Bands * Group, count = Math.Min(Group, _classes - first), band = item % Bands;
        int from = (int)((long)_height * band / Bands), to = (int)((long)_height * (band + 1) / Bands);
        float* planar = _scratch.Of(thread);
        float* upper = planar + (Group * (nint)_logits.Width);
        float* lower = upper + (Group * (nint)_width);
        (int upperRow, int lowerRow) = (-1, -1);
        for (int y = from; y < to; y++)
        {
            int top = _rows.First[y], bottom = _rows.Second[y];
            if (upperRow != top && lowerRow == top)
            {
                float* other = upper;
                upper = lower;
                lower = other;
                (upperRow, lowerRow) = (lowerRow, upperRow);
            }

            if (upperRow != top)
            {
                Widen(top, first, count, planar, upper);
                upperRow = top;
            }

            if (lowerRow != bottom)
            {
                Widen(bottom, first, count, planar, lower);
                lowerRow = bottom;
            }

            for (int k = 0; k < count; k++)
            {
                nint at = (((nint)(first + k) * _height) + y) * _width;
                LogitResize.Mix(new(upper + (k * (nint)_width), _width), new(lower + (k * (nint)_width), _width), _rows.Fraction[y], new(_scores + at, _width));
            }
        }
    }

    /// <summary>A row of scores, a class a line, resized along the width.</summary>
    private void Widen(int row, int firstClass, int count, float* planar, float* target)
    {
        int width = _logits.Width;
        Transpose(row, firstClass, count, planar, width);
        int* left = _columns.First, right = _columns.Second;
        float* share = _columns.Fraction;
        for (int k = 0; k < count; k++, planar += width, target += _width)
        {
            for (int x = 0; x < _width; x++)
            {
                target[x] = ((1 - share[x]) * planar[left[x]]) + (share[x] * planar[right[x]]);
            }
        }
    }

    private void Softmax(int thread, int strip)
    {
        int pixels = _height * _width, start = strip * SoftmaxStrip;
        ClassSoftmax.Apply(new(_scores, _classes * pixels), _classes, start, Math.Min(SoftmaxStrip, pixels - start));
    }
}
