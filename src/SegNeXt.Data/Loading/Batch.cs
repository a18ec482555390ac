namespace SegNeXt.Data;

/// <summary>Samples ready for the network. The arrays belong to the loader and are used again after <see cref="DataLoader.Return"/>.</summary>
public sealed class Batch
{
    internal Batch(int count, int height, int width, bool hasLabels = true)
    {
        Count = count;
        Height = height;
        Width = width;
        Images = new float[checked(count * 3 * height * width)];
        Labels = hasLabels ? new byte[checked(count * height * width)] : [];
        Indices = new int[count];
        Positions = new long[count];
    }

    /// <summary>Number of samples N.</summary>
    public int Count { get; }

    /// <summary>Rows H.</summary>
    public int Height { get; }

    /// <summary>Columns W.</summary>
    public int Width { get; }

    /// <summary>The normalised pictures, <c>[N, 3, H, W]</c>.</summary>
    public float[] Images { get; }

    /// <summary>Class ids, <c>[N, H, W]</c>, 255 = ignored; empty where pixels have no labels.</summary>
    public byte[] Labels { get; }

    /// <summary>Index of each sample in the data set, <c>[N]</c>.</summary>
    public int[] Indices { get; }

    /// <summary>Place of each sample in the endless sequence of the whole run, <c>[N]</c>.</summary>
    public long[] Positions { get; }

    /// <summary>What it holds for one sample.</summary>
    internal BatchShape Shape => new(Height, Width, Labels.Length > 0);

    /// <summary>Batches before this one.</summary>
    public long Iteration { get; internal set; }
}
