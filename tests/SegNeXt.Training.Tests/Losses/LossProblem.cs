using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>Random logits and labels, as arrays for the reference and as tensors for the product.</summary>
internal sealed class LossProblem
{
    public LossProblem(int seed, int images, int classes, int height, int width, double ignored = 0.15, int? highestLabel = null)
    {
        Random random = new(seed);
        (Classes, Height, Width) = (classes, height, width);
        Z = [.. Enumerable.Range(0, images).Select(_ => Rows(classes, () => (random.NextDouble() * 6) - 3))];
        Y = [.. Enumerable.Range(0, images).Select(_ => Bytes(() => random.NextDouble() < ignored ? 255 : random.Next(highestLabel ?? classes)))];
        Weights = [.. Enumerable.Range(0, classes).Select(_ => 0.25 + (2 * random.NextDouble()))];

        double[][] Rows(int count, Func<double> draw) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, height * width).Select(_ => draw()).ToArray())];
        byte[] Bytes(Func<int> draw) => [.. Enumerable.Range(0, height * width).Select(_ => (byte)draw())];
    }

    public int Classes { get; }

    public int Height { get; }

    public int Width { get; }

    public double[][][] Z { get; }

    public byte[][] Y { get; }

    public double[] Weights { get; }

    public Tensor Logits => Tensor.FromArray<double>([.. Z.SelectMany(image => image.SelectMany(map => map))], [Z.Length, Classes, Height, Width]);

    public Tensor Labels => Tensor.FromArray<long>([.. Y.SelectMany(image => image.Select(id => (long)id))], [Y.Length, Height, Width]);

    /// <summary>Makes the labels those of the largest logit and the logits so sure of it that the softmax is 0 or 1.</summary>
    public void MakePerfect(double sureness = 1000)
    {
        for (int n = 0; n < Y.Length; n++)
        {
            for (int i = 0; i < Y[n].Length; i++)
            {
                for (int c = 0; c < Classes; c++)
                {
                    Z[n][c][i] = c == Y[n][i] ? sureness : 0;
                }
            }
        }
    }
}
