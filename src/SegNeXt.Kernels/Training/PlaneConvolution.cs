namespace SegNeXt.Kernels;

/// <summary>
/// A depth-wise convolution of one plane, or a sum of several: a list of taps, each a source, a shift and a weight a
/// channel. Taps that read rows beyond the image are left out row by row; beyond its sides lie zeros.
/// </summary>
internal sealed unsafe class PlaneConvolution
{
    private const int MostTaps = 40;
    private const int Pixel = PlaneShape.Pixel;

    private readonly TrainingKernels _kernels;
    private readonly PlaneShape _shape;
    private readonly float*[] _sources = new float*[MostTaps];
    private readonly float*[] _weights = new float*[MostTaps];
    private readonly int[] _rows = new int[MostTaps];
    private int _count;

    public PlaneConvolution(TrainingKernels kernels, PlaneShape shape)
    {
        _kernels = kernels;
        _shape = shape;
    }

    /// <summary>Forgets the taps.</summary>
    public PlaneConvolution Clear()
    {
        _count = 0;
        return this;
    }

    /// <summary>Adds a tap.</summary>
    /// <param name="source">The first pixel of the plane that it reads.</param>
    /// <param name="row">Rows below the result's pixel.</param>
    /// <param name="column">Columns to the right of it.</param>
    /// <param name="weight">A number a channel; null where only gradients are taken.</param>
    public PlaneConvolution Tap(float* source, int row, int column, float* weight)
    {
        _sources[_count] = source + (row * _shape.RowStride) + ((nint)column * Pixel);
        _weights[_count] = weight;
        _rows[_count++] = row;
        return this;
    }

    /// <summary>Adds a kernel, or the transposed one, which carries gradients back.</summary>
    /// <param name="source">The first pixel of the plane that it reads.</param>
    /// <param name="height">Rows, odd.</param>
    /// <param name="width">Columns, odd.</param>
    /// <param name="weights">The first tap's weights.</param>
    /// <param name="stride">Floats from one tap's weights to the next tap's; negative from the last to the first.</param>
    public PlaneConvolution Kernel(float* source, int height, int width, float* weights, nint stride)
    {
        for (int t = 0; t < height * width; t++)
        {
            Tap(source, (t / width) - (height / 2), (t % width) - (width / 2), weights + (t * stride));
        }

        return this;
    }

    /// <summary>Computes the whole plane.</summary>
    /// <param name="bias">A number a channel.</param>
    /// <param name="target">The result's first pixel.</param>
    /// <param name="rowStride">Floats from one of its rows to the next.</param>
    /// <param name="pixelStride">Floats from one of its pixels to the next.</param>
    public void Run(float* bias, float* target, nint rowStride, nint pixelStride)
    {
        Span<TapRun> runs = stackalloc TapRun[MostTaps];
        float* weights = stackalloc float[MostTaps * Pixel];
        for (int y = 0; y < _shape.Map.Height; y++)
        {
            int count = 0, runCount = 0;
            float* next = null;
            for (int t = 0; t < _count; t++)
            {
                if ((uint)(y + _rows[t]) < (uint)_shape.Map.Height)
                {
                    float* source = _sources[t] + (y * _shape.RowStride);
                    new ReadOnlySpan<float>(_weights[t], Pixel).CopyTo(new Span<float>(weights + (count++ * Pixel), Pixel));
                    if (source == next)
                    {
                        TapRun run = runs[runCount - 1];
                        runs[runCount - 1] = new TapRun(run.Start, run.Taps + 1);
                    }
                    else
                    {
                        runs[runCount++] = new TapRun(source, 1);
                    }

                    next = source + Pixel;
                }
            }

            _kernels.DepthWise(runs[..runCount], weights, Pixel, bias, Pixel, target + (y * rowStride), pixelStride, _shape.Map.Width, Pixel);
        }
    }

    /// <summary>Adds up the weights' gradients; the taps must be one kernel's.</summary>
    /// <param name="dy">The first pixel of the plane of the result's gradient.</param>
    /// <param name="gradient">The first tap's sums.</param>
    /// <param name="stride">Floats from one tap's sums to the next tap's.</param>
    public void AddGradient(float* dy, float* gradient, nint stride)
    {
        float** taps = stackalloc float*[MostTaps];
        for (int y = 0; y < _shape.Map.Height; y++)
        {
            int first = 0, count = 0;
            for (int t = 0; t < _count; t++)
            {
                if ((uint)(y + _rows[t]) < (uint)_shape.Map.Height)
                {
                    taps[count++] = _sources[t] + (y * _shape.RowStride);
                }
                else if (count == 0)
                {
                    first = t + 1;
                }
            }

            _kernels.DepthWiseGradient(taps, count, Pixel, dy + (y * _shape.RowStride), Pixel, _shape.Map.Width, Pixel, gradient + (first * stride), stride);
        }
    }
}
