using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using static SegNeXt.Training.Tests.ShortRun;

namespace SegNeXt.Training.Tests;

public sealed class WeightAverageTests
{
    [Theory]
    [InlineData(1, 2.0 / 11)]
    [InlineData(90, 0.91)]
    [InlineData(100_000, 0.9998)]
    public void DecayAt_Update_GrowsToTheDecay(long update, double expected) =>
        Assert.Equal(expected, WeightAverage.DecayAt(0.9998, update), 12);

    [Fact]
    public void Update_WeightsThatMove_GivesTheFormulaForParametersAndStatistics()
    {
        using Generator generator = new(1);
        using SegmentationModel model = new(ModelConfig.Preset("t", 3), generator);
        using WeightAverage average = new(model, Device.Cpu, MemoryFormat.Contiguous, 0.5);
        string[] names = ["backbone.block1.0.layer_scale_1", "backbone.block1.0.norm1.running_mean", "decode_head.conv_seg.weight"];
        Dictionary<string, Tensor> weights = model.StateTensors().ToDictionary(entry => entry.Key, entry => entry.Value);
        Dictionary<string, Tensor> averages = average.Model.StateTensors().ToDictionary(entry => entry.Key, entry => entry.Value);
        double[] expected = [.. names.Select(name => (double)First(averages[name]))];
        for (int step = 1; step <= 20; step++)
        {
            using GradMode noGrad = Autograd.NoGrad();
            double decay = Math.Min(0.5, (1.0 + step) / (10.0 + step));
            for (int i = 0; i < names.Length; i++)
            {
                weights[names[i]].Add_(0.25 * (i + 1));
                expected[i] = (decay * expected[i]) + ((1 - decay) * First(weights[names[i]]));
            }

            weights["backbone.block1.0.norm1.num_batches_tracked"].Add_(1);
            average.Update();
        }

        for (int i = 0; i < names.Length; i++)
        {
            Assert.Equal(expected[i], First(averages[names[i]]), 1e-5);
        }

        Assert.Equal(20, averages["backbone.block1.0.norm1.num_batches_tracked"].ToArray<long>()[0]);
    }

    [Fact]
    public void Run_WithAverage_EvaluatesAndKeepsItAndResumesItExactly()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        string[] ema = ["train.ema=0.9", "eval.interval=6"];
        Train(folder, "plain", new Recorder(), "eval.interval=6");
        Train(folder, "whole", new Recorder(), ema);
        TrainUntil(3, folder, "parts", ema);
        Train(folder, "parts", new Recorder(), true, ema, default);

        // The average follows the weights and does not move them.
        Assert.Equal(Losses(folder.File("plain")), Losses(folder.File("whole")));
        byte[] last = Weights(folder.File("whole", "last", "model.safetensors"));
        byte[] average = Weights(folder.File("whole", "last", "ema.safetensors"));
        Assert.NotEqual(last, average);
        Assert.Equal(average, Weights(folder.File("whole", "best.safetensors")));
        Assert.Equal(average, Weights(folder.File("parts", "last", "ema.safetensors")));
        Assert.Equal(average, Weights(folder.File("parts", "best.safetensors")));
        Assert.Equal(last, Weights(folder.File("parts", "last", "model.safetensors")));
    }

    private static float First(Tensor tensor) => tensor.Detach().Contiguous().ToArray<float>()[0];
}
