using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>The scaled loss of half precision. The rule is what PyTorch's documentation says of <c>GradScaler</c>.</summary>
public sealed class LossScaleTests
{
    [Theory]
    [InlineData(65536, 0, false, 32768, 0)]
    [InlineData(65536, 1999, false, 32768, 0)]
    [InlineData(65536, 0, true, 65536, 1)]
    [InlineData(65536, 1998, true, 65536, 1999)]
    [InlineData(65536, 1999, true, 131072, 0)]
    [InlineData(1, 5, false, 0.5, 0)]
    [InlineData(1.7014118346046923e38, 1999, true, 1.7014118346046923e38, 0)]
    public void After_AStep_FollowsTheRule(double factor, int streak, bool finite, double nextFactor, int nextStreak) =>
        Assert.Equal(new LossScale(nextFactor, nextStreak), new LossScale(factor, streak).After(finite));

    [Fact]
    public void After_ARunOfOverflows_ComesBackUp()
    {
        LossScale scale = LossScale.First;
        for (int step = 1; step <= 6005; step++)
        {
            scale = scale.After(step is not (3 or 4 or 2500));
        }

        // Halved at 3, 4 and 2500; doubled at 2004 (from 5 on), 4500.
        Assert.Equal(new LossScale(65536 / 2 / 2 * 2 / 2 * 2, 6005 - 4500), scale);
    }

    /// <summary>Powers of two change no digit: whatever the factor, the weights are those of the loss as it is.</summary>
    [Theory]
    [InlineData(65536)]
    [InlineData(0.0625)]
    public void Step_Scaled_GivesTheVeryWeights(double factor)
    {
        using Fixture plain = new(null, "train.clip_norm=0.5", "train.accumulate=2"), scaled = new(factor, "train.clip_norm=0.5", "train.accumulate=2");
        Assert.Equal(plain.Run(0), scaled.Run(0));
        plain.Run(1);
        scaled.Run(1);
        Assert.Equal(plain.Weights, scaled.Weights);
        Assert.Equal(new LossScale(factor, 2), scaled.Step.LossScale);
    }

    [Fact]
    public void Step_Overflowing_ChangesNothingButTheFactor()
    {
        using Fixture run = new(1.7014118346046923e38, "train.ema=0.9");
        float[] before = run.Weights;
        Assert.True(double.IsFinite(run.Run(0)));
        Assert.Equal(before, run.Weights);
        Assert.Equal(0, run.Average!.Updates);
        Assert.Equal(0, run.Optimizer.GetState(run.Optimizer.Groups[0].Name).Step);
        Assert.Equal(new LossScale(1.7014118346046923e38 / 2, 0), run.Step.LossScale);
        Assert.True(run.Step.IsWhole);

        int steps = 1;
        while (run.Step.LossScale.Streak == 0)
        {
            run.Run(steps++);
        }

        Assert.NotEqual(before, run.Weights);
        Assert.Equal((1L, 1L), (run.Average.Updates, run.Optimizer.GetState(run.Optimizer.Groups[0].Name).Step));
    }

    [Fact]
    public void Steps_ThatAllOverflow_EndTheRun()
    {
        using Fixture run = new(1.7014118346046923e38);
        using (GradMode noGrad = Autograd.NoGrad())
        {
            // The loss is a number still, but no factor brings the squares of its derivatives back.
            run.Model.NamedParameters().Single(entry => entry.Key == "decode_head.conv_seg.weight").Value.Mul_(1e37);
        }

        InputException error = Assert.Throws<InputException>(() =>
        {
            for (int iteration = 0; iteration < 200; iteration++)
            {
                run.Run(iteration);
            }
        });
        Assert.Matches($"^The gradient's norm is infinite at iteration {MixedPrecision.MostSkipped}, ", error.Message);
        Assert.False(run.Step.IsWhole);
    }

    /// <summary>A run's step, with the loss scaled whatever the number format.</summary>
    private sealed class Fixture : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly Generator _generator = new(7);
        private readonly LossGuard _guard;
        private readonly DataLoader _loader;

        public Fixture(double? factor, params string[] settings)
        {
            SmallDataSet.Write(_folder.File("data"));
            RunConfig config = RunConfig.FromOptions(
                _folder.File("data"), "t", ["train.batch=2", "train.crop=32x48", "train.lr=1e-3", "train.warmup_iterations=0", "train.workers=1", .. settings]);
            SegmentationTask task = new(config);
            Model = (SegmentationModel)Network.Create(task.Model, _generator);
            new TrainingMode(Model, config.Train).Enter();
            Optimizer = new AdamW(OptimizerGroups.Create(Model, config.Train));
            task.PrepareLoss();
            _guard = new LossGuard(task.FileOf, Device.Cpu, _ => { });
            _loader = task.Loader(new TrainingState(0, double.NaN, 0), SilentProgress.Instance, default);
            Average = config.Train.Ema is { } decay ? new WeightAverage(Model, Device.Cpu, MemoryFormat.Contiguous, decay) : null;
            MixedPrecision precision = factor is { } value ? new(Precision.Fp16) { Scale = new LossScale(value, 0) } : new(Precision.Fp32);
            Step = new TrainingStep(task, Model, Optimizer, _generator, Device.Cpu, Average, _guard, precision);
        }

        public SegmentationModel Model { get; }

        public AdamW Optimizer { get; }

        public WeightAverage? Average { get; }

        public TrainingStep Step { get; }

        public float[] Weights => [.. Model.NamedParameters().SelectMany(entry => entry.Value.ToArray<float>())];

        public double Run(int iteration) => Step.Run(iteration, _loader, new StepMeter(2), true, default)!.Value;

        public void Dispose()
        {
            _loader.Dispose();
            _guard.Dispose();
            Average?.Dispose();
            Optimizer.Dispose();
            Model.Dispose();
            _generator.Dispose();
            _folder.Dispose();
        }
    }
}
