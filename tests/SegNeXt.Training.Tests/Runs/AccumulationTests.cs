using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

public sealed class AccumulationTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    public void Step_Accumulated_HasTheGradientsOfOneLargeBatch(int batch, int accumulate)
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        (double expectedLoss, Dictionary<string, float[]> expected) = Step(folder, 4, 1);
        (double loss, Dictionary<string, float[]> actual) = Step(folder, batch, accumulate);
        Assert.Equal(expectedLoss, loss, 1e-5 * expectedLoss);
        foreach ((string name, float[] gradient) in expected)
        {
            double difference = Math.Sqrt(gradient.Zip(actual[name], (a, b) => Math.Pow(a - b, 2)).Sum());
            double size = Math.Sqrt(gradient.Sum(value => (double)value * value));
            Assert.True(difference <= (1e-3 * size) + 1e-7, $"{name}: the gradients differ by {difference}, their norm is {size}");
        }
    }

    /// <summary>One step with fixed statistics and nothing random, the only terms on which both are the same sum.</summary>
    private static (double Loss, Dictionary<string, float[]> Gradients) Step(TemporaryFolder folder, int batch, int accumulate)
    {
        RunConfig config = RunConfig.FromOptions(
            folder.File("data"), "t", [$"train.batch={batch}", $"train.accumulate={accumulate}", "train.crop=48x48", "train.norm_eval=true", "train.workers=1"]);
        ModelConfig preset = ModelConfig.Preset("t", SmallDataSet.Classes);
        ModelConfig modelConfig = preset with
        {
            Encoder = preset.Encoder with { DropPathRate = 0 },
            Decoder = preset.Decoder! with { Dropout = 0 },
        };
        using Generator generator = new(7);
        using SegmentationModel model = new(modelConfig, generator);
        using Tensor bases = Tensor.FromArray<float>(NmfBases.Default(256, 16), [1, 256, 16]);
        ((HamHead)model.DecodeHead).Hamburger.Factorisation.TrainingBases = bases;
        new TrainingMode(model, config.Train).Enter();
        using AdamW optimizer = new(OptimizerGroups.Create(model, config.Train));
        SegmentationTask task = new(config);
        task.PrepareLoss();
        using LossGuard guard = new(task.FileOf, Device.Cpu, _ => { });
        using DataLoader loader = task.Loader(new TrainingState(0, double.NaN, 0), SilentProgress.Instance, default);
        TrainingStep step = new(task, model, optimizer, generator, Device.Cpu, null, guard);
        double loss = step.Run(0, loader, new StepMeter(4), true, default)!.Value;
        using TensorScope scope = new();
        return (loss, model.NamedParameters().ToDictionary(entry => entry.Key, entry => entry.Value.Grad!.Contiguous().ToArray<float>()));
    }
}
