namespace SegNeXt.Kernels;

/// <summary>
/// Cross entropy of logits that are resized bilinearly (corners not aligned) to the labels' size, and its gradient. The
/// resized logits exist one pixel at a time.
/// </summary>
/// <param name="Batch">Images N.</param>
/// <param name="Height">Rows of the logits h.</param>
/// <param name="Width">Columns of the logits w.</param>
/// <param name="Classes">K.</param>
/// <param name="LabelHeight">Rows of the labels H.</param>
/// <param name="LabelWidth">Columns of the labels W.</param>
public sealed unsafe record ResizedCrossEntropy(int Batch, int Height, int Width, int Classes, int LabelHeight, int LabelWidth)
{
    /// <summary>Far below any logit, and yet nothing that turns into NaN between two pixels.</summary>
    private const float TooSmall = -1e30f;

    // The buffers of a thread.
    private const int MixedSlot = 18;
    private const int GradientSlot = 19;
    private const int PixelSlot = 20;

    private int Stride => (Classes + TrainingShape.ChannelStep - 1) / TrainingShape.ChannelStep * TrainingShape.ChannelStep;

    private nint Row => (nint)Width * Stride;

    /// <summary>Numbers to work with.</summary>
    public long Work => 3L * Batch * Height * Row;

    /// <summary>Computes the sum over all labelled pixels of −weight · ln p(label).</summary>
    /// <param name="team">Who computes.</param>
    /// <param name="logits">Logits [N, h, w, K].</param>
    /// <param name="labels">Class ids [N, H, W].</param>
    /// <param name="ignored">The class id that does not count.</param>
    /// <param name="weights">A factor a class [K], or null.</param>
    /// <param name="scale">A factor of the gradient.</param>
    /// <param name="gradient">Receives the gradient by the logits [N, h, w, K] times that factor; null where it is not wanted.</param>
    /// <param name="work"><see cref="Work"/> numbers to work with.</param>
    /// <returns>The sum; the bits do not depend on the threads.</returns>
    /// <exception cref="ArgumentException">A label is no class.</exception>
    public double Run(TrainingTeam team, float* logits, long* labels, long ignored, float* weights, float scale, float* gradient, float* work)
    {
        ArgumentNullException.ThrowIfNull(team);
        Axis rows = new(Height, LabelHeight), columns = new(Width, LabelWidth);
        int groups = Batch * Height;
        var sums = new double[groups];
        float* padded = work;
        float* parts = work + (groups * Row);
        team.For(groups, (_, i) => Pad(logits + ((nint)i * Width * Classes), padded + (i * Row)));

        // A group is the rows of labels between two rows of logits: what they add to these two is kept apart, so that any
        // thread may take any group.
        team.For(groups, (thread, group) =>
        {
            (int image, int row) = Math.DivRem(group, Height);
            float* top = gradient is null ? null : parts + (2 * group * Row);
            sums[group] = Group(team, thread, image, row, rows, columns, padded, labels, ignored, weights, top);
        });
        if (gradient is not null)
        {
            team.For(groups, (_, i) =>
            {
                int row = i % Height;
                float* sum = parts + (2 * i * Row);
                if (row > 0)
                {
                    team.Kernels.Add(parts + (((2 * i) - 1) * Row), sum, Row);
                }

                Unpad(sum, scale, gradient + ((nint)i * Width * Classes));
            });
        }

        double total = sums.Sum();
        return double.IsNaN(total) && Array.Exists(sums, double.IsNaN) && HasForeign(labels, ignored)
            ? throw new ArgumentException($"A label is none of the {Classes} classes.", nameof(labels))
            : total;
    }

    private double Group(
        TrainingTeam team, int thread, int image, int row, Axis rows, Axis columns, float* padded, long* labels, long ignored, float* weights, float* top)
    {
        float* mixed = team.Buffer(thread, MixedSlot, Row);
        float* back = top is null ? null : team.Buffer(thread, GradientSlot, Row);
        float* first = padded + ((((nint)image * Height) + row) * Row);
        float* second = row + 1 < Height ? first + Row : first;
        if (top is not null)
        {
            new Span<float>(top, checked((int)(2 * Row))).Clear();
        }

        double sum = 0;
        fixed (int* left = columns.First, right = columns.Second)
        fixed (float* share = columns.Share)
        {
            for (int y = rows.Start[row]; y < rows.Start[row + 1]; y++)
            {
                float f = rows.Share[y];
                team.Kernels.Mix(first, second, f, mixed, Row);
                if (back is not null)
                {
                    new Span<float>(back, checked((int)Row)).Clear();
                }

                CrossEntropyRow pixels = new()
                {
                    Logits = mixed,
                    Gradient = back,
                    Stride = Stride,
                    Classes = Classes,
                    Left = left,
                    Right = right,
                    Share = share,
                    Labels = labels + ((((nint)image * LabelHeight) + y) * LabelWidth),
                    Ignored = ignored,
                    Weights = weights,
                    Pixels = LabelWidth,
                    Scratch = team.Buffer(thread, PixelSlot, Stride),
                };
                sum += team.Training.CrossEntropy(pixels);
                if (back is not null)
                {
                    // Below the last row of logits there is none: both shares are its own.
                    bool isLast = row + 1 == Height;
                    team.Training.AddScaled(back, isLast ? 1 : 1 - f, top, Row);
                    team.Training.AddScaled(back, isLast ? 0 : f, top + Row, Row);
                }
            }
        }

        return sum;
    }

    private void Pad(float* from, float* target)
    {
        for (int x = 0; x < Width; x++, from += Classes, target += Stride)
        {
            new ReadOnlySpan<float>(from, Classes).CopyTo(new Span<float>(target, Classes));
            new Span<float>(target + Classes, Stride - Classes).Fill(TooSmall);
        }
    }

    private void Unpad(float* from, float scale, float* target)
    {
        for (int x = 0; x < Width; x++, from += Stride, target += Classes)
        {
            for (int k = 0; k < Classes; k++)
            {
                target[k] = from[k] * scale;
            }
        }
    }

    private bool HasForeign(long* labels, long ignored)
    {
        for (nint i = 0; i < (nint)Batch * LabelHeight * LabelWidth; i++)
        {
            if (labels[i] != ignored && (ulong)labels[i] >= (ulong)Classes)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the places of a longer axis lie between those of a shorter one, as <c>interpolate</c> of PyTorch has them.</summary>
    private sealed class Axis
    {
        public Axis(int from, int to)
        {
            First = new int[to];
            Second = new int[to];
            Share = new float[to];
            Start = new int[from + 1];
            float scale = (float)from / to;
            for (int i = 0; i < to; i++)
            {
                float at = MathF.Max((scale * (i + 0.5f)) - 0.5f, 0);
                First[i] = Math.Min((int)at, from - 1);
                Second[i] = Math.Min(First[i] + 1, from - 1);
                Share[i] = at - First[i];
                for (int k = First[i] + 1; k <= from; k++)
                {
                    Start[k] = i + 1;
                }
            }
        }

        public int[] First { get; }

        public int[] Second { get; }

        public float[] Share { get; }

        /// <summary>For each place of the shorter axis, the first of the longer one at or behind it; then the longer one's length.</summary>
        public int[] Start { get; }
    }
}
