using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>A map [C, H, W] of plain numbers.</summary>
internal sealed class Plain(int channels, int height, int width)
{
    public int Channels { get; } = channels;

    public int Height { get; } = height;

    public int Width { get; } = width;

    public int Positions => Height * Width;

    public double[] Values { get; } = new double[channels * height * width];

    public double this[int c, int y, int x]
    {
        get => Values[(((c * Height) + y) * Width) + x];
        set => Values[(((c * Height) + y) * Width) + x] = value;
    }

    public double this[int c, int p]
    {
        get => Values[(c * Positions) + p];
        set => Values[(c * Positions) + p] = value;
    }
}

/// <summary>The layers of the variants once more, in loops over plain numbers, written from the papers' definitions.</summary>
internal static class PlainLayers
{
    private const double Eps = 1e-5;

    public static Plain[] Read(Tensor maps)
    {
        double[] values = maps.Detach().Contiguous().ToArray<double>();
        int size = (int)(maps.Size(1) * maps.Size(2) * maps.Size(3));
        return [.. Enumerable.Range(0, (int)maps.Size(0)).Select(n =>
        {
            Plain map = new((int)maps.Size(1), (int)maps.Size(2), (int)maps.Size(3));
            values.AsSpan(n * size, size).CopyTo(map.Values);
            return map;
        })];
    }

    public static Tensor Write(IReadOnlyList<Plain> maps) => Tensor.FromArray<double>(
        [.. maps.SelectMany(map => map.Values)], [maps.Count, maps[0].Channels, maps[0].Height, maps[0].Width]);

    /// <summary>A tensor of a module's state by its key.</summary>
    public static double[] State(Module module, string key) => module.StateTensors().Single(entry => entry.Key == key).Value.Detach().Contiguous().ToArray<double>();

    public static Plain Each(Plain x, Func<double, double> f)
    {
        Plain y = new(x.Channels, x.Height, x.Width);
        for (int i = 0; i < y.Values.Length; i++)
        {
            y.Values[i] = f(x.Values[i]);
        }

        return y;
    }

    public static Plain Relu(Plain x) => Each(x, v => Math.Max(v, 0));

    public static Plain Zip(Plain x, Plain y, Func<double, double, double> f)
    {
        Plain z = new(x.Channels, x.Height, x.Width);
        for (int i = 0; i < z.Values.Length; i++)
        {
            z.Values[i] = f(x.Values[i], y.Values[i]);
        }

        return z;
    }

    public static Plain Join(params Plain[] maps)
    {
        Plain y = new(maps.Sum(map => map.Channels), maps[0].Height, maps[0].Width);
        int at = 0;
        foreach (Plain map in maps)
        {
            map.Values.CopyTo(y.Values, at);
            at += map.Values.Length;
        }

        return y;
    }

    /// <summary>A convolution whose map keeps its size; zeros around it.</summary>
    public static Plain Convolve(Plain x, Module module, string key, int height = 1, int width = 1, int dilation = 1, bool depthWise = false)
    {
        double[] weight = State(module, key + ".weight");
        double[]? bias = module.StateTensors().Any(entry => entry.Key == key + ".bias") ? State(module, key + ".bias") : null;
        int inputs = depthWise ? 1 : x.Channels;
        int outputs = weight.Length / (inputs * height * width);
        Plain y = new(outputs, x.Height, x.Width);
        for (int o = 0; o < outputs; o++)
        {
            for (int row = 0; row < x.Height; row++)
            {
                for (int column = 0; column < x.Width; column++)
                {
                    double sum = bias?[o] ?? 0;
                    for (int i = 0; i < inputs; i++)
                    {
                        for (int v = 0; v < height; v++)
                        {
                            for (int u = 0; u < width; u++)
                            {
                                int atY = row + ((v - (height / 2)) * dilation), atX = column + ((u - (width / 2)) * dilation);
                                if (atY >= 0 && atY < x.Height && atX >= 0 && atX < x.Width)
                                {
                                    sum += weight[(((((o * inputs) + i) * height) + v) * width) + u] * x[depthWise ? o : i, atY, atX];
                                }
                            }
                        }
                    }

                    y[o, row, column] = sum;
                }
            }
        }

        return y;
    }

    /// <summary>Batch norm in evaluation, then ReLU, behind a convolution: mmcv's ConvModule.</summary>
    public static Plain ConvNormRelu(Plain x, Module module, string key, int side = 1, int dilation = 1)
    {
        Plain y = Convolve(x, module, key + ".conv", side, side, dilation);
        double[] mean = State(module, key + ".bn.running_mean"), variance = State(module, key + ".bn.running_var");
        double[] gain = State(module, key + ".bn.weight"), shift = State(module, key + ".bn.bias");
        for (int c = 0; c < y.Channels; c++)
        {
            for (int p = 0; p < y.Positions; p++)
            {
                y[c, p] = Math.Max(0, ((y[c, p] - mean[c]) / Math.Sqrt(variance[c] + Eps) * gain[c]) + shift[c]);
            }
        }

        return y;
    }

    public static Plain GroupNorm(Plain x, Module module, string key, int groups)
    {
        double[] gain = State(module, key + ".weight"), shift = State(module, key + ".bias");
        Plain y = new(x.Channels, x.Height, x.Width);
        int size = x.Values.Length / groups;
        for (int i = 0; i < x.Values.Length; i++)
        {
            ReadOnlySpan<double> group = x.Values.AsSpan(i / size * size, size);
            double mean = 0, square = 0;
            foreach (double value in group)
            {
                mean += value / size;
            }

            foreach (double value in group)
            {
                square += (value - mean) * (value - mean) / size;
            }

            int channel = i / x.Positions;
            y.Values[i] = ((x.Values[i] - mean) / Math.Sqrt(square + Eps) * gain[channel]) + shift[channel];
        }

        return y;
    }

    /// <summary>Bilinear, pixels' outer edges on each other.</summary>
    public static Plain Resize(Plain x, int height, int width)
    {
        Plain y = new(x.Channels, height, width);
        for (int row = 0; row < height; row++)
        {
            (int y0, int y1, double v) = At(row, height, x.Height);
            for (int column = 0; column < width; column++)
            {
                (int x0, int x1, double u) = At(column, width, x.Width);
                for (int c = 0; c < x.Channels; c++)
                {
                    y[c, row, column] = ((1 - v) * (((1 - u) * x[c, y0, x0]) + (u * x[c, y0, x1]))) + (v * (((1 - u) * x[c, y1, x0]) + (u * x[c, y1, x1])));
                }
            }
        }

        return y;

        static (int From, int To, double Share) At(int i, int output, int input)
        {
            double source = Math.Max(0, ((i + 0.5) * input / output) - 0.5);
            int from = (int)source;
            return (from, Math.Min(from + 1, input - 1), source - from);
        }
    }

    /// <summary>Means over a grid whose fields meet or overlap: field i goes from ⌊iH/b⌋ to ⌈(i+1)H/b⌉.</summary>
    public static Plain Pool(Plain x, int bins)
    {
        Plain y = new(x.Channels, bins, bins);
        for (int c = 0; c < x.Channels; c++)
        {
            for (int row = 0; row < bins; row++)
            {
                for (int column = 0; column < bins; column++)
                {
                    int top = row * x.Height / bins, bottom = (((row + 1) * x.Height) + bins - 1) / bins;
                    int left = column * x.Width / bins, right = (((column + 1) * x.Width) + bins - 1) / bins;
                    double sum = 0;
                    for (int v = top; v < bottom; v++)
                    {
                        for (int u = left; u < right; u++)
                        {
                            sum += x[c, v, u];
                        }
                    }

                    y[c, row, column] = sum / ((bottom - top) * (right - left));
                }
            }
        }

        return y;
    }

    public static double[] Softmax(IReadOnlyList<double> scores)
    {
        double most = scores.Max();
        double[] shares = [.. scores.Select(score => Math.Exp(score - most))];
        double sum = shares.Sum();
        return [.. shares.Select(share => share / sum)];
    }

    /// <summary>x by weights [P, P] from each position to all: y[c, p] = Σ w[p][q]·v[c, q].</summary>
    public static Plain Attend(Plain value, Func<int, double[]> weightsOf)
    {
        Plain y = new(value.Channels, value.Height, value.Width);
        for (int p = 0; p < value.Positions; p++)
        {
            double[] weights = weightsOf(p);
            for (int c = 0; c < value.Channels; c++)
            {
                for (int q = 0; q < value.Positions; q++)
                {
                    y[c, p] += weights[q] * value[c, q];
                }
            }
        }

        return y;
    }

    /// <summary>Σ over channels of a at p times b at q.</summary>
    public static double Dot(Plain a, int p, Plain b, int q)
    {
        double sum = 0;
        for (int c = 0; c < a.Channels; c++)
        {
            sum += a[c, p] * b[c, q];
        }

        return sum;
    }
}
