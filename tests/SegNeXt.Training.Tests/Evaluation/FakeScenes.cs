using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training.Tests;

/// <summary>
/// Pictures made up on demand, of two classes; the red of all pixels is the picture's index, which is what
/// <see cref="FakeSegmenter"/> goes by. Each sample that was given out is watched.
/// </summary>
internal sealed class FakeScenes(int count, int width = 40, int height = 30) : ISegmentationDataSet
{
    private readonly List<WeakReference> _given = [];

    public ClassSet Classes { get; } = new("two", ["ground", "sky"], [0x804000, 0x0040C0]);

    public int Count => count;

    /// <summary>Samples that are still held by someone.</summary>
    public int Alive
    {
        get
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            lock (_given)
            {
                return _given.Count(reference => reference.IsAlive);
            }
        }
    }

    public string Name(int index) => $"street/{index}";

    public (string Image, string Label) Paths(int index) => ($"{index}.jpg", $"{index}.png");

    public Sample Load(int index)
    {
        RgbImage image = new(width, height);
        LabelMap label = new(width, height);
        for (int i = 0; i < label.Ids.Length; i++)
        {
            image.Pixels[3 * i] = (byte)index;
            label.Ids[i] = (byte)(i < label.Ids.Length / 2 ? 1 : 0);
        }

        Sample sample = new(image, label);
        lock (_given)
        {
            _given.Add(new WeakReference(sample));
            _given.Add(new WeakReference(image.Pixels));
        }

        return sample;
    }
}

/// <summary>Predicts the upper half as sky, but calls the first <c>wrong(index)</c> of all pixels ground.</summary>
internal sealed class FakeSegmenter(Func<int, double> wrong) : ISegmenter
{
    public ModelConfig Config { get; } = ModelConfig.Preset("t", 2);

    public LogitMap Forward(RgbImage image)
    {
        LabelMap ids = Segment(image);
        float[] values = new float[2 * ids.Ids.Length];
        for (int i = 0; i < ids.Ids.Length; i++)
        {
            values[(ids.Ids[i] * ids.Ids.Length) + i] = 1;
        }

        return new LogitMap(2, image.Height, image.Width, values);
    }

    public LabelMap Segment(RgbImage image)
    {
        LabelMap ids = new(image.Width, image.Height);
        int pixels = ids.Ids.Length;
        int from = (int)(wrong(image.Pixels[0]) * pixels);
        ids.Ids.AsSpan(0, pixels / 2).Fill(1);
        ids.Ids.AsSpan(0, from).Clear();
        return ids;
    }

    public void Dispose()
    {
    }
}
