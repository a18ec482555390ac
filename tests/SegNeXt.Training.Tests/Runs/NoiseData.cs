using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training.Tests;

/// <summary>Noise of ever other sizes, made when asked for.</summary>
internal sealed class NoiseData(int count, int[] bad) : ISegmentationDataSet
{
    public ClassSet Classes { get; } = ClassSet.Default(7);

    public int Count => count;

    public string Name(int index) => $"{index}";

    public (string Image, string Label) Paths(int index) => ($"{index}.png", $"{index}.png");

    public Sample Load(int index)
    {
        if (bad.Contains(index))
        {
            throw new InputException($"{index}.png is bad.");
        }

        Random random = new(index);
        (int width, int height) = (random.Next(32, 96), random.Next(32, 96));
        RgbImage image = new(width, height);
        LabelMap label = new(width, height);
        random.NextBytes(image.Pixels);
        for (int i = 0; i < label.Ids.Length; i++)
        {
            label.Ids[i] = (byte)random.Next(7);
        }

        return new Sample(image, label);
    }
}
