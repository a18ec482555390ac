using System.Runtime.InteropServices;
using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests.Metrics;

public class GoldenMetricsTests
{
    // The golden figures are double precision stored as float32, Fscore float32 at one point.
    private const double Tolerance = 1e-6;

    [SkippableTheory]
    [InlineData("seven_classes", 7, false, 1)]
    [InlineData("seven_classes_reduce_zero_label", 7, true, 1)]
    [InlineData("beta_2", 7, false, 2)]
    [InlineData("ade_150_reduce_zero_label", 150, true, 1)]
    [InlineData("everything_ignored", 4, false, 1)]
    public void Compute_GoldenCase_IsTheReleasedEvaluation(string name, int classes, bool reduceZeroLabel, double beta)
    {
        GoldenArrays golden = GoldenArrays.Require("metrics.safetensors");
        ConfusionMatrix matrix = new(classes, reduceZeroLabel);
        for (int i = 0; golden.Names.Contains($"{name}.pred_{i}"); i++)
        {
            ConfusionMatrix one = new(classes, reduceZeroLabel);
            one.Add(Map(golden, $"{name}.pred_{i}"), Map(golden, $"{name}.label_{i}"));
            Assert.Equal(Areas(golden, $"{name}.area_intersect_{i}"), one.Compute().Classes.Select(c => c.Intersection));
            matrix.Merge(one);
        }

        SegmentationMetrics metrics = matrix.Compute(beta);
        ClassMetrics[] each = [.. metrics.Classes];
        Assert.Equal(Areas(golden, $"{name}.area_intersect"), each.Select(c => c.Intersection));
        Assert.Equal(Areas(golden, $"{name}.area_pred"), each.Select(c => c.Predicted));
        Assert.Equal(Areas(golden, $"{name}.area_label"), each.Select(c => c.Labelled));
        Assert.Equal(Areas(golden, $"{name}.area_union"), each.Select(c => c.Predicted + c.Labelled - c.Intersection));

        AssertClose("IoU", each.Select(c => c.IoU));
        AssertClose("Acc", each.Select(c => c.Acc));
        AssertClose("Dice", each.Select(c => c.Dice));
        AssertClose("Fscore", each.Select(c => c.Fscore));
        AssertClose("Precision", each.Select(c => c.Precision));
        AssertClose("Recall", each.Select(c => c.Recall));
        AssertMean("aAcc", metrics.AAcc);
        AssertMean("mIoU", metrics.MIoU);
        AssertMean("mAcc", metrics.MAcc);
        AssertMean("mDice", metrics.MDice);
        AssertMean("mFscore", metrics.MFscore);
        AssertMean("mPrecision", metrics.MPrecision);
        AssertMean("mRecall", metrics.MRecall);

        void AssertMean(string metric, double value)
        {
            AssertClose(metric, [value]);

            // The reference printed its rounded figures with the default beta in every case.
            double printed = metric == "mFscore" ? matrix.Compute().MFscore : value;
            AssertClose($"rounded.{metric}", [Math.Round(printed * 100, 2) / 100]);
        }

        void AssertClose(string metric, IEnumerable<double> values)
        {
            float[] expected = golden.Floats($"{name}.{metric}");
            double[] actual = [.. values];
            Assert.Equal(expected.Length, actual.Length);
            Assert.Equal(expected.Select(float.IsNaN), actual.Select(double.IsNaN));
            Assert.All(expected.Zip(actual).Where(pair => !float.IsNaN(pair.First)), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        }
    }

    private static LabelMap Map(GoldenArrays golden, string name)
    {
        int[] shape = golden.Shape(name);
        return new LabelMap(shape[1], shape[0], golden.Bytes(name));
    }

    private static long[] Areas(GoldenArrays golden, string name) => MemoryMarshal.Cast<byte, long>(golden.Bytes(name)).ToArray();
}
