using FsCheck;
using FsCheck.Fluent;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>What holds for every problem.</summary>
public sealed class LossPropertyTests
{
    [Fact]
    public void Lovasz_PerfectPrediction_IsZero() => Check(problem =>
    {
        problem.MakePerfect();
        return Value(new LovaszLoss(), problem) == 0 && Value(new LovaszLoss(LovaszClasses.All, perImage: true), problem) == 0;
    });

    [Fact]
    public void Lovasz_HardPredictions_IsTheJaccardLoss() => Check(problem =>
    {
        // The labels of another problem as sure predictions of this one.
        LossProblem other = new(problem.Y[0][0] + 7, problem.Y.Length, problem.Classes, problem.Height, problem.Width, ignored: 0);
        other.MakePerfect();
        List<double> losses = [];
        for (int c = 0; c < problem.Classes; c++)
        {
            int both = 0, either = 0, truth = 0;
            for (int n = 0; n < problem.Y.Length; n++)
            {
                for (int i = 0; i < problem.Y[n].Length; i++)
                {
                    if (problem.Y[n][i] != 255)
                    {
                        bool is_ = problem.Y[n][i] == c, said = other.Y[n][i] == c;
                        truth += is_ ? 1 : 0;
                        both += is_ && said ? 1 : 0;
                        either += is_ || said ? 1 : 0;
                    }
                }
            }

            if (truth > 0)
            {
                losses.Add(1 - ((double)both / either));
            }
        }

        using TensorScope scope = new();
        double found = new LovaszLoss().Forward(other.Logits, problem.Labels).Item();
        return Near(losses.Count == 0 ? 0 : losses.Average(), found);
    });

    [Fact]
    public void Focal_GammaZero_IsCrossEntropy() => Check(problem =>
        Near(Value(new CrossEntropyLoss(LossAverage.Valid, problem.Weights), problem), Value(new FocalLoss(0, 1, LossAverage.Valid, problem.Weights), problem)));

    [Fact]
    public void Focal_LargerGamma_IsSmaller() => Check(problem =>
        Value(new FocalLoss(2), problem) <= Value(new FocalLoss(1), problem) && Value(new FocalLoss(1), problem) <= Value(new CrossEntropyLoss(), problem));

    [Fact]
    public void Ohem_KeepingAll_IsCrossEntropy() => Check(problem =>
        Near(Value(new CrossEntropyLoss(LossAverage.Valid), problem), Value(new OhemLoss(0.7, 10_000, LossAverage.Valid), problem))
        && Near(Value(new CrossEntropyLoss(LossAverage.Valid), problem), Value(new OhemLoss(0.7, 10_000, LossAverage.Kept), problem)));

    [Fact]
    public void Ohem_KeptPixels_LoseMoreThanTheMean() => Check(problem =>
        Value(new OhemLoss(0, 2, LossAverage.Kept), problem) >= Value(new CrossEntropyLoss(LossAverage.Valid), problem) - 1e-12);

    [Fact]
    public void Dice_PerfectPrediction_IsZeroAndNoneIsAboveOne() => Check(problem =>
    {
        double before = Value(new DiceLoss(), problem);
        problem.MakePerfect();
        return before is >= 0 and <= 1 && Near(0, Value(new DiceLoss(), problem));
    });

    [Fact]
    public void Losses_PixelsInAnotherOrder_AreTheSame() => Check(problem =>
    {
        using TensorScope scope = new();
        using Generator generator = new(1);
        Tensor order = Tensor.RandPerm(problem.Height * problem.Width, generator);
        Tensor logits = problem.Logits, labels = problem.Labels;
        Tensor otherLogits = logits.Flatten(2).IndexSelect(2, order).Reshape(logits.Shape);
        Tensor otherLabels = labels.Flatten(1).IndexSelect(1, order).Reshape(labels.Shape);
        return LossGradientTests.All(problem.Weights).All(loss =>
            Near(loss.Forward(logits, labels).Item(), loss.Forward(otherLogits, otherLabels).Item()));
    });

    [Fact]
    public void Losses_ANumberAddedToAllLogits_ChangesNothing() => Check(problem =>
    {
        using TensorScope scope = new();
        Tensor logits = problem.Logits, labels = problem.Labels;
        return LossGradientTests.All(problem.Weights).All(loss => Near(loss.Forward(logits, labels).Item(), loss.Forward(logits + 13.5, labels).Item()));
    });

    private static void Check(Func<LossProblem, bool> holds)
    {
        Gen<LossProblem> problems =
            from seed in Gen.Choose(0, 1_000_000)
            from images in Gen.Choose(1, 3)
            from classes in Gen.Choose(2, 6)
            from height in Gen.Choose(1, 5)
            from width in Gen.Choose(1, 5)
            from ignored in Gen.Elements(0.0, 0.3, 0.9)
            select new LossProblem(seed, images, classes, height, width, ignored);
        Prop.ForAll(problems.ToArbitrary(), problem => holds(problem)).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    private static double Value(ISegmentationLoss loss, LossProblem problem)
    {
        using TensorScope scope = new();
        return loss.Forward(problem.Logits, problem.Labels).Item();
    }

    private static bool Near(double expected, double found) => Math.Abs(expected - found) <= 1e-10;
}
