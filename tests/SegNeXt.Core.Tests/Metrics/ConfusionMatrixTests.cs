using System.Text.Json;

namespace SegNeXt.Core.Tests.Metrics;

public class ConfusionMatrixTests
{
    [Fact]
    public void Add_MixedAreasAndEdges_CountsEveryPixelOnce()
    {
        // Long runs, single pixels and a tail that fills no block: every path of the counting loop.
        Random random = new(5);
        byte[] labels = new byte[91 * 53];
        byte[] predictions = new byte[labels.Length];
        for (int i = 0; i < labels.Length;)
        {
            int run = Math.Min(random.Next(4) == 0 ? random.Next(1, 200) : random.Next(1, 4), labels.Length - i);
            labels.AsSpan(i, run).Fill((byte)(random.Next(6) == 0 ? 255 : random.Next(5)));
            predictions.AsSpan(i, run).Fill((byte)random.Next(5));
            i += run;
        }

        ConfusionMatrix matrix = new(5);
        matrix.Add(new LabelMap(91, 53, predictions), new LabelMap(91, 53, labels));
        for (int label = 0; label < 5; label++)
        {
            for (int prediction = 0; prediction < 5; prediction++)
            {
                Assert.Equal(labels.Zip(predictions).Count(pair => pair.First == label && pair.Second == prediction), matrix[label, prediction]);
            }
        }

        Assert.Equal(labels.Count(label => label != 255), matrix.Pixels);
    }

    [Fact]
    public void Add_ValuesOutsideTheClasses_CountOnTheirOtherSideOnly()
    {
        ConfusionMatrix matrix = new(3);
        matrix.Add(new LabelMap(4, 1, [0, 1, 7, 255]), new LabelMap(4, 1, [0, 9, 2, 2]));
        ClassMetrics[] classes = [.. matrix.Compute().Classes];
        Assert.Equal([1L, 0L, 0L], classes.Select(c => c.Intersection));
        Assert.Equal([1L, 1L, 0L], classes.Select(c => c.Predicted));
        Assert.Equal([1L, 0L, 2L], classes.Select(c => c.Labelled));
        Assert.Equal(1, matrix.OutsideLabels);
        Assert.Equal(2, matrix.OutsidePredictions);
        Assert.Equal(4, matrix.Pixels);
    }

    [Fact]
    public void Add_ReduceZeroLabel_LowersLabelsOnly()
    {
        ConfusionMatrix matrix = new(2, reduceZeroLabel: true);
        matrix.Add(new LabelMap(6, 1, [0, 0, 1, 1, 0, 0]), new LabelMap(6, 1, [0, 1, 1, 2, 255, 254]));
        Assert.Equal([1L, 1, 0, 1], [matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]]);
        Assert.Equal(1, matrix.OutsideLabels);
        Assert.Equal(4, matrix.Pixels);
    }

    [Fact]
    public void Add_DifferentSizes_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2).Add(new LabelMap(2, 3), new LabelMap(3, 2)));

    [Theory]
    [InlineData(5, false)]
    [InlineData(254, true)]
    [InlineData(255, false)]
    public void Merge_PartsOfASet_IsTheWholeSet(int classes, bool reduceZeroLabel)
    {
        ConfusionMatrix whole = new(classes, reduceZeroLabel);
        ConfusionMatrix merged = new(classes, reduceZeroLabel);
        ConfusionMatrix added = new(classes, reduceZeroLabel);
        for (int i = 0; i < 3; i++)
        {
            LabelMap prediction = Noise(i);
            LabelMap label = Noise(i + 10);
            ConfusionMatrix part = new(classes, reduceZeroLabel);
            part.Add(prediction, label);
            whole.Add(prediction, label);
            merged.Merge(part);
            added.AddCounts(part.ToCounts());
        }

        Assert.Equal(whole.ToCounts(), merged.ToCounts());
        Assert.Equal(whole.ToCounts(), added.ToCounts());
        Assert.Equal(whole.Compute().Classes, merged.Compute().Classes);
        Assert.Equal(whole.Compute().Classes, added.Compute().Classes);
        Assert.Equal(whole.Pixels, added.Pixels);
        Assert.Equal(whole.OutsideLabels, added.OutsideLabels);
        Assert.Equal(whole.OutsidePredictions, added.OutsidePredictions);

        static LabelMap Noise(int seed)
        {
            LabelMap map = new(40, 30);
            new Random(seed).NextBytes(map.Ids);
            return map;
        }
    }

    [Fact]
    public void Merge_OtherClasses_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2).Merge(new ConfusionMatrix(3)));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2).Merge(new ConfusionMatrix(2, reduceZeroLabel: true)));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2).AddCounts(new long[4]));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2).AddCounts([0, 0, 0, 0, -1, 0, 0, 0, 0]));
    }

    [Fact]
    public void NormalizeRows_SharesOfEachLabelledClass()
    {
        ConfusionMatrix matrix = new(3);
        matrix.Add(new LabelMap(4, 1, [0, 0, 0, 1]), new LabelMap(4, 1, [0, 0, 0, 0]));
        Assert.Equal([0.75, 0.25, 0], matrix.NormalizeRows()[..3]);
        Assert.All(matrix.NormalizeRows()[3..], share => Assert.True(double.IsNaN(share)));
    }

    [Fact]
    public void Compute_PixelOrder_DoesNotMatter()
    {
        byte[] predictions = new byte[600];
        byte[] labels = new byte[600];
        Random random = new(3);
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = (byte)random.Next(4);
            predictions[i] = (byte)random.Next(4);
        }

        int[] order = [.. Enumerable.Range(0, 600)];
        random.Shuffle(order);
        ConfusionMatrix straight = new(4);
        ConfusionMatrix shuffled = new(4);
        straight.Add(new LabelMap(30, 20, predictions), new LabelMap(30, 20, labels));
        shuffled.Add(new LabelMap(20, 30, [.. order.Select(i => predictions[i])]), new LabelMap(20, 30, [.. order.Select(i => labels[i])]));
        Assert.Equal(straight.Compute().MIoU, shuffled.Compute().MIoU);
        Assert.InRange(straight.Compute().MIoU, 0.05, 0.3);
    }

    [Fact]
    public void ToText_AbsentClass_IsNullUnderStableNames()
    {
        ConfusionMatrix matrix = new(2);
        matrix.Add(new LabelMap(2, 1, [0, 0]), new LabelMap(2, 1, [0, 255]));
        using JsonDocument json = JsonDocument.Parse(MetricsJson.ToText(matrix.Compute(), ["sky", "Ärger \"1\""], 1, 0.5));
        JsonElement root = json.RootElement;
        Assert.Equal(
            ["aAcc", "mIoU", "mAcc", "mDice", "mFscore", "classes", "images", "seconds"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(1, root.GetProperty("mIoU").GetDouble());
        JsonElement absent = root.GetProperty("classes")[1];
        Assert.Equal(["name", "IoU", "Acc", "Dice", "Fscore", "Precision", "Recall"], absent.EnumerateObject().Select(property => property.Name));
        Assert.Equal("Ärger \"1\"", absent.GetProperty("name").GetString());
        Assert.All(absent.EnumerateObject().Skip(1), property => Assert.Equal(JsonValueKind.Null, property.Value.ValueKind));
        Assert.Equal(1, root.GetProperty("images").GetInt32());
    }

    [Fact]
    public void ToText_NamesOfOtherClasses_IsRefused() =>
        Assert.Throws<ArgumentException>(() => MetricsJson.ToText(new ConfusionMatrix(2).Compute(), ["one"], 0, 0));
}
