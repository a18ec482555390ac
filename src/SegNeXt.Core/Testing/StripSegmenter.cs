namespace SegNeXt.Core;

/// <summary>
/// Sliding inference for pictures that are too large to be held: rows come in, class ids go out, top to bottom, and only
/// what later windows can still change is kept in between. The ids are those of <see cref="TestTimeSegmenter"/> in slide
/// mode, bit for bit.
/// </summary>
/// <remarks>
/// Held are the rows of one row of windows and of the step to the next, and each window's scores at an eighth of its size,
/// the part that reaches into the next row of windows alone once its own is done: for a picture of W columns about
/// 3 W (crop + stride) + K W (crop + overlap) / 16 bytes, whatever its height. While the network works, the rows of the
/// next windows are read and the ids before are written.
/// </remarks>
public sealed class StripSegmenter
{
    private readonly ISegmenter _segmenter;
    private readonly TestOptions _options;

    /// <summary>Creates one.</summary>
    /// <param name="segmenter">The network; not disposed.</param>
    /// <param name="options">Crop, stride and threads; the mode does not matter.</param>
    /// <exception cref="InputException">
    /// A value is out of range; or several scales, a flip or a resize are asked for, which want the whole picture.
    /// </exception>
    public StripSegmenter(ISegmenter segmenter, TestOptions options)
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(options);
        _segmenter = segmenter;
        _options = options with { Mode = TestMode.Slide };
        _options.Validate();
        if (!Supports(options))
        {
            throw new InputException("A picture that is read by strips is tested at its own size alone: without other scales, flip, resize or multiple.");
        }
    }

    /// <summary>Whether a strategy sees the picture once and at its own size, so that strips can do it.</summary>
    /// <param name="options">The strategy.</param>
    public static bool Supports(TestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options is { Scales: [1.0], Flip: false, BoxWidth: 0, BoxHeight: 0, SizeDivisor: 1 };
    }

    /// <summary>Bytes that are held for a picture, beside the network's own: rows, ids and scores.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="classes">Number of classes K.</param>
    /// <param name="options">Crop and stride.</param>
    public static long MemoryFor(int width, int height, int classes, TestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        long crop = Math.Min(options.CropHeight, height);
        long stride = Math.Min(options.StrideHeight, height);
        double overlaps = (double)options.CropWidth / options.StrideWidth;
        long scores = (long)((crop + ((crop - stride) * crop / stride)) / 64.0 * width * overlaps * classes * sizeof(float));
        return (width * ((3 * (crop + stride)) + (2 * stride))) + scores;
    }

    /// <summary>Segments a picture.</summary>
    /// <param name="picture">Its rows.</param>
    /// <param name="write">
    /// Takes the ids of the next rows, <c>[rows, W]</c> bytes; called from one thread at a time, and the memory is used again once it returns.
    /// </param>
    /// <param name="progress">Told the number of rows that are through the network, after each window; may be null.</param>
    /// <param name="cancellation">Ends the work between two windows.</param>
    /// <exception cref="InputException">The rows cannot be read, or what takes the ids cannot write them.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Predict(IRgbRows picture, Action<ReadOnlyMemory<byte>> write, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(write);
        SlideWindow[][] rows = [.. SlideWindows.Place(picture.Width, picture.Height, _options).GroupBy(window => window.Y).Select(row => row.ToArray())];
        RowRing ring = new(picture, Enumerable.Range(0, rows.Length).Max(r => Bottom(rows[Math.Min(r + 1, rows.Length - 1)]) - rows[r][0].Y));
        int[] ends = [.. Enumerable.Range(0, rows.Length).Select(r => r + 1 < rows.Length ? rows[r + 1][0].Y : picture.Height)];
        byte[][] ids = new byte[2][];
        RgbImage crop = new(rows[0][0].Width, rows[0][0].Height);
        List<HeldWindow> held = [];
        WindowBlend? blend = null;
        LinearAxis vertical = default;

        // Whatever ends the work, nothing reads or writes any more when it has ended.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task reading = Task.Run(() => ring.ReadTo(Bottom(rows[0]), stop.Token), CancellationToken.None);
        Task writing = Task.CompletedTask;
        try
        {
            for (int r = 0; r < rows.Length; r++)
            {
                reading.GetAwaiter().GetResult();
                int next = Bottom(rows[Math.Min(r + 1, rows.Length - 1)]);
                reading = Task.Run(() => ring.ReadTo(next, stop.Token), CancellationToken.None);
                int start = rows[r][0].Y;
                for (int c = 0; c < rows[r].Length; c++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    ring.Cut(rows[r][c], crop);
                    LogitMap scores = _segmenter.Forward(crop);
                    held.Add(new HeldWindow(rows[r][c], scores));
                    if (blend is null)
                    {
                        vertical = LinearAxis.Create(scores.Height, crop.Height);
                        blend = new WindowBlend(scores.Classes, vertical, LinearAxis.Create(scores.Width, crop.Width), ColumnCounts(rows[0], picture.Width), _options.Threads);
                    }

                    progress?.Invoke(start + ((double)(ends[r] - start) * (c + 1) / rows[r].Length));
                }

                byte[] strip = ids[r % 2] ??= GC.AllocateUninitializedArray<byte>(checked(ends.Select((end, i) => end - rows[i][0].Y).Max() * picture.Width));
                blend!.Ids(held, start, ends[r], strip);
                int length = (ends[r] - start) * picture.Width;
                writing.GetAwaiter().GetResult();
                writing = Task.Run(() => write(strip.AsMemory(0, length)), CancellationToken.None);
                LetGo(held, ends[r], vertical);
            }

            reading.GetAwaiter().GetResult();
            writing.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            Task.WaitAny([reading], CancellationToken.None);
            Task.WaitAny([writing], CancellationToken.None);
        }
    }

    private static int Bottom(SlideWindow[] row) => row[0].Y + row[0].Height;

    /// <summary>Lets go of the scores that no row from <paramref name="row"/> on needs.</summary>
    private void LetGo(List<HeldWindow> held, int row, LinearAxis vertical)
    {
        held.RemoveAll(window => window.Window.Y + window.Window.Height <= row);
        foreach (HeldWindow window in held)
        {
            window.KeepFrom(vertical.First[row - window.Window.Y], _segmenter.Config.NumClasses);
        }
    }

    private static float[] ColumnCounts(SlideWindow[] row, int width)
    {
        float[] counts = new float[width];
        foreach (SlideWindow window in row)
        {
            foreach (ref float count in counts.AsSpan(window.X, window.Width))
            {
                count++;
            }
        }

        return counts;
    }
}
