namespace SegNeXt.Export;

/// <summary>Operators over runs of elements that lie side by side.</summary>
internal static class Rows
{
    /// <summary>Softmax of each row of that many elements.</summary>
    public static float[] Softmax(float[] x, int length)
    {
        var result = new float[x.Length];
        for (int start = 0; start < x.Length; start += length)
        {
            ReadOnlySpan<float> row = x.AsSpan(start, length);
            double largest = double.NegativeInfinity, sum = 0;
            foreach (float value in row)
            {
                largest = Math.Max(largest, value);
            }

            foreach (float value in row)
            {
                sum += Math.Exp(value - largest);
            }

            for (int i = 0; i < length; i++)
            {
                result[start + i] = (float)(Math.Exp(row[i] - largest) / sum);
            }
        }

        return result;
    }

    /// <summary>Each row to mean 0 and variance 1, then gain and bias per element of a row.</summary>
    public static float[] LayerNorm(float[] x, int length, float[] gain, float[] bias, double epsilon)
    {
        var result = new float[x.Length];
        for (int start = 0; start < x.Length; start += length)
        {
            (double mean, double scale) = Statistics(x.AsSpan(start, length), epsilon);
            for (int i = 0; i < length; i++)
            {
                result[start + i] = (float)((x[start + i] - mean) * scale * gain[i]) + bias[i];
            }
        }

        return result;
    }

    /// <summary>Each channel of <c>[N, C, …]</c> to mean 0 and variance 1, then gain and bias per channel.</summary>
    public static float[] InstanceNorm(float[] x, int[] shape, float[] gain, float[] bias, double epsilon)
    {
        var result = new float[x.Length];
        int channels = shape[1], length = x.Length / (shape[0] * channels);
        for (int row = 0; row < shape[0] * channels; row++)
        {
            (double mean, double scale) = Statistics(x.AsSpan(row * length, length), epsilon);
            for (int i = row * length; i < (row + 1) * length; i++)
            {
                result[i] = (float)((x[i] - mean) * scale * gain[row % channels]) + bias[row % channels];
            }
        }

        return result;
    }

    private static (double Mean, double Scale) Statistics(ReadOnlySpan<float> values, double epsilon)
    {
        double sum = 0, squares = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return (mean, 1 / Math.Sqrt((squares / values.Length) + epsilon));
    }
}
