using System.Text;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>Pictures of an evaluation as bytes, on their way to the rank that writes the report.</summary>
internal static class SampleExchange
{
    /// <summary>The pictures as bytes.</summary>
    public static byte[] ToBytes(IReadOnlyList<EvaluationSample> samples)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        writer.Write(samples.Count);
        foreach (EvaluationSample sample in samples)
        {
            writer.Write(sample.Index);
            writer.Write(sample.Name);
            writer.Write(sample.Score.MeanIoU);
            writer.Write(sample.Score.PixelAccuracy);
            writer.Write(sample.Score.Classes.Count);
            foreach (ClassInImage found in sample.Score.Classes)
            {
                writer.Write(found.Id);
                writer.Write(found.Share);
                writer.Write(found.IoU);
            }

            writer.Write(sample.Image.Width);
            writer.Write(sample.Image.Height);
            writer.Write(sample.Image.Pixels);
            writer.Write(sample.Truth.Ids);
            writer.Write(sample.Prediction.Ids);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>The pictures from <see cref="ToBytes"/>'s bytes.</summary>
    public static IEnumerable<EvaluationSample> FromBytes(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes), Encoding.UTF8);
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            int index = reader.ReadInt32();
            string name = reader.ReadString();
            double mean = reader.ReadDouble(), accuracy = reader.ReadDouble();
            ClassInImage[] classes = new ClassInImage[reader.ReadInt32()];
            for (int c = 0; c < classes.Length; c++)
            {
                classes[c] = new ClassInImage(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble());
            }

            int width = reader.ReadInt32(), height = reader.ReadInt32();
            RgbImage image = new(width, height, reader.ReadBytes(3 * width * height));
            LabelMap truth = new(width, height, reader.ReadBytes(width * height)), prediction = new(width, height, reader.ReadBytes(width * height));
            yield return new EvaluationSample(name, new ImageScore(mean, accuracy, classes), image, truth, prediction) { Index = index };
        }
    }
}
