using SegNeXt.Core;

namespace SegNeXt.Export;

/// <summary>
/// Holds an ONNX file against an engine before it is given out: structure, shapes for pictures of many sizes, and the
/// numbers on small pictures. The file's own bytes are read back for it, its metadata normalises the pictures.
/// </summary>
internal static class OnnxVerifier
{
    /// <summary>Largest difference of logits, as a share of their range.</summary>
    public const double Tolerance = 1e-4;

    private static readonly (int Batch, int Height, int Width)[] s_shapes = [(1, 1, 1), (2, 33, 47), (1, 512, 512), (1, 1024, 2048), (3, 257, 95)];
    private static readonly (int Batch, int Height, int Width)[] s_pictures = [(1, 72, 104), (2, 33, 47)];
    private static readonly (int Batch, int Height, int Width) s_fixedPicture = (1, 65, 96);

    /// <summary>Checks a file's bytes.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="tensors">The weights that it was made from.</param>
    /// <param name="options">What it shall be.</param>
    /// <param name="reference">An engine with the same weights.</param>
    /// <returns>The largest difference of logits as a share of their range.</returns>
    /// <exception cref="InputException">The file is not equal to the engine; the message says where.</exception>
    public static double Verify(byte[] bytes, ModelTensors tensors, OnnxOptions options, ISegmenter reference)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(bytes);
        if (GraphCheck.FindFault(model) is { } fault)
        {
            throw new InputException($"The ONNX graph is faulty: {fault}.");
        }

        if (!options.IsFixed)
        {
            foreach ((int batch, int height, int width) in s_shapes)
            {
                ShapeInference.Infer(model.Graph, [batch, 3, height, width]);
            }

            return s_pictures.Max(size => Compare(model, model.Graph, size, reference));
        }

        // A graph of fixed size may be too large to compute here. It is computed with the sizes, its int64 constants,
        // of a small picture, once all else has been found equal.
        ShapeInference.Infer(model.Graph, [1, 3, options.Height!.Value, options.Width!.Value]);
        ModelProto small = OnnxModel.Build(tensors, options with { Height = s_fixedPicture.Height, Width = s_fixedPicture.Width });
        return SameButSizes(model.Graph, small.Graph)
            ? Compare(model, small.Graph, s_fixedPicture, reference)
            : throw new InputException("The ONNX graph is faulty: it depends on the picture's size by more than its sizes.");
    }

    private static bool SameButSizes(GraphProto graph, GraphProto small) =>
        graph.Node.Equals(small.Node)
        && graph.Initializer.Count == small.Initializer.Count
        && graph.Initializer.Zip(small.Initializer).All(pair => pair.First.Equals(pair.Second)
            || (pair.First.DataType == (int)TensorProto.Types.DataType.Int64 && pair.Second.DataType == pair.First.DataType && pair.First.Name == pair.Second.Name && pair.First.Dims.Equals(pair.Second.Dims)));

    private static double Compare(ModelProto model, GraphProto graph, (int Batch, int Height, int Width) size, ISegmenter reference)
    {
        int[] shape = [size.Batch, 3, size.Height, size.Width];
        RgbImage[] pictures = [.. Enumerable.Range(0, size.Batch).Select(n => Picture(size.Height, size.Width, n))];
        IReadOnlyDictionary<string, GraphValue> values = ShapeInference.Infer(graph, shape);
        float[][] results = Evaluator.Run(graph, values, Normalise(model, pictures), OnnxModel.Logits, graph.Output[0].Name);
        double worst = 0;
        for (int n = 0; n < size.Batch; n++)
        {
            LogitMap expected = reference.Forward(pictures[n]);
            int count = expected.Values.Length;
            if (results[0].Length != count * size.Batch)
            {
                throw new InputException($"The ONNX graph is faulty: it has {results[0].Length / size.Batch} logits for a picture of {size.Height}x{size.Width}, the engine {count}.");
            }

            worst = Math.Max(worst, Difference(results[0].AsSpan(n * count, count), expected));
            if (graph.Output[0].Name == OnnxModel.ClassIds)
            {
                CheckIds(results[1].AsSpan(n * size.Height * size.Width, size.Height * size.Width), expected, size.Height, size.Width);
            }
        }

        return worst;
    }

    private static double Difference(ReadOnlySpan<float> logits, LogitMap expected)
    {
        float least = expected.Values.Min(), most = expected.Values.Max();
        if (!expected.Values.All(float.IsFinite))
        {
            throw new InputException("The network's logits are not all finite numbers, so the weights are of no use; nothing is written.");
        }

        double worst = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double difference = Math.Abs((double)logits[i] - expected.Values[i]) / Math.Max(most - least, float.Epsilon);
            worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
        }

        return worst <= Tolerance
            ? worst
            : throw new InputException(FormattableString.Invariant($"The ONNX graph's logits differ from the engine's by {worst:0.0e+0} of their range, and at most {Tolerance:0e+0} is allowed; nothing is written."));
    }

    /// <summary>Ids may differ only where two classes score nearly the same.</summary>
    private static void CheckIds(ReadOnlySpan<float> ids, LogitMap logits, int height, int width)
    {
        LogitMap scores = LogitResize.Bilinear(logits, height, width);
        double tolerance = Tolerance * (logits.Values.Max() - logits.Values.Min());
        LabelMap expected = LogitResize.ArgMax(logits, height, width);
        for (int i = 0; i < ids.Length; i++)
        {
            float gap = scores.Values[(expected.Ids[i] * ids.Length) + i] - scores.Values[((int)ids[i] * ids.Length) + i];
            if (gap > 2 * tolerance)
            {
                throw new InputException($"The ONNX graph gives pixel {i} of a picture of {height}x{width} class {ids[i]}, the engine {expected.Ids[i]}; nothing is written.");
            }
        }
    }

    private static float[] Normalise(ModelProto model, RgbImage[] pictures)
    {
        double[] mean = Numbers("mean"), std = Numbers("std");
        int pixels = pictures[0].Width * pictures[0].Height;
        var planes = new float[pictures.Length * 3 * pixels];
        for (int i = 0; i < planes.Length; i++)
        {
            int channel = i / pixels % 3;
            planes[i] = (float)((pictures[i / (3 * pixels)].Pixels[(i % pixels * 3) + channel] - mean[channel]) / std[channel]);
        }

        return planes;

        double[] Numbers(string key)
        {
            using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(model.MetadataProps.First(entry => entry.Key == key).Value);
            return [.. json.RootElement.EnumerateArray().Select(number => number.GetDouble())];
        }
    }

    /// <summary>A picture with smooth areas and with noise.</summary>
    private static RgbImage Picture(int height, int width, int seed)
    {
        RgbImage picture = new(width, height);
        uint noise = (uint)seed + 1;
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            (int y, int x, int channel) = (i / 3 / width, i / 3 % width, i % 3);
            noise = (noise * 1664525) + 1013904223;
            double smooth = Math.Sin((y / 9.0) + channel + seed) + Math.Cos((x / 13.0) - channel);
            picture.Pixels[i] = (byte)Math.Clamp(127 + (50 * smooth) + ((noise >> 24) / 8.0), 0, 255);
        }

        return picture;
    }
}
