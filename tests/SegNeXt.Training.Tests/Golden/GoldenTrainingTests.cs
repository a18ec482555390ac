using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Models.Tests;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>A training step, and five, against the released code: loss, every gradient, BN statistics, parameters.</summary>
public sealed class GoldenTrainingTests
{
    private const double BaseRate = 6e-5;
    private const double Decay = 0.01;
    private const double HeadMultiplier = 10;

    // The worst relative differences of the reference against itself, from its README.
    private const double LossTable = 1.6e-7;
    private const double LogitsTable = 2.4e-6;
    private const double GradientTable = 7.3e-6;
    private const double BufferTable = 9.9e-8;
    private const double ParameterTable = 2.3e-6;
    private const double StepLossTable = 2.1e-6;

    [SkippableTheory]
    [InlineData("train_tiny.safetensors", MemoryFormat.Contiguous, KernelChoice.Libtorch)]
    [InlineData("train_tiny.safetensors", MemoryFormat.ChannelsLast, KernelChoice.Libtorch)]
    [InlineData("train_tiny_part.safetensors", MemoryFormat.ChannelsLast, KernelChoice.Libtorch)]
    [InlineData("train_tiny.safetensors", MemoryFormat.Contiguous, KernelChoice.Fused)]
    [InlineData("train_tiny.safetensors", MemoryFormat.ChannelsLast, KernelChoice.Fused)]
    [InlineData("train_tiny_part.safetensors", MemoryFormat.ChannelsLast, KernelChoice.Fused)]
    public void TrainingStep_Golden_LossGradientsStatisticsAndParametersAgree(string file, MemoryFormat format, KernelChoice kernels)
    {
        using GoldenFile golden = new(file);
        using TensorScope scope = new();
        using Generator generator = new(1);
        using SegmentationModel model = Start(golden, generator, format, kernels);
        using AdamW optimizer = Optimizer(model);

        Tensor logits = model.Forward(golden["x"].To(format));
        Tensor loss = new CrossEntropyLoss(kernels: kernels).Forward(logits, Labels(golden));
        loss.Backward();
        Close.Relative(golden["loss"], loss, Close.Margin * LossTable, "loss");
        if (golden.Has("logits"))
        {
            Close.Relative(golden["logits"], logits, Close.Margin * LogitsTable, "logits");
        }

        int gradients = 0;
        foreach ((string name, Tensor parameter) in model.NamedParameters().Where(entry => golden.Has($"grad.{entry.Key}")))
        {
            gradients++;
            Tensor expected = golden[$"grad.{name}"];
            if (ExactGradientIsZero(name))
            {
                Close.Absolute(expected, parameter.Grad!, 1e-5, $"grad.{name}");
            }
            else
            {
                Close.Relative(expected, parameter.Grad!, Close.Margin * GradientTable, $"grad.{name}");
            }
        }

        Assert.True(gradients == golden.Names.Count(name => name.StartsWith("grad.", StringComparison.Ordinal)) && gradients > 90, "too few gradients were compared");
        CheckBuffers(golden, model, "buffer_after.");
        optimizer.Step();
        int compared = 0;
        foreach ((string name, Tensor parameter) in model.NamedParameters().Where(entry => golden.Has($"param_after.{entry.Key}")))
        {
            compared++;
            if (ExactGradientIsZero(name))
            {
                // Adam's first step turns noise of any size into a step of the learning rate, in either direction.
                double limit = 2.2 * BaseRate * (name.Contains("head", StringComparison.Ordinal) ? HeadMultiplier : 1);
                Close.Absolute(golden[$"param_after.{name}"], parameter, limit, $"param_after.{name}");
            }
            else
            {
                Close.Relative(golden[$"param_after.{name}"], parameter, Close.Margin * ParameterTable, $"param_after.{name}");
            }
        }

        Assert.True(compared > 90, "too few parameters were compared");
    }

    [SkippableFact]
    public void TrainingStep_GoldenValidAverage_LossAgrees()
    {
        using GoldenFile golden = new("train_tiny_part.safetensors");
        using TensorScope scope = new();
        using Generator generator = new(1);
        using SegmentationModel model = Start(golden, generator, MemoryFormat.Contiguous);
        Tensor loss = new CrossEntropyLoss(LossAverage.Valid).Forward(model.Forward(golden["x"]), Labels(golden));
        Close.Relative(golden["loss_if_averaged_over_valid_pixels_only"], loss, Close.Margin * LossTable, "loss");
    }

    [SkippableTheory]
    [InlineData("steps.base_lr", -1, KernelChoice.Libtorch)]
    [InlineData("steps.schedule_from_0", 0, KernelChoice.Libtorch)]
    [InlineData("steps.schedule_from_1498", 1498, KernelChoice.Libtorch)]
    [InlineData("steps.base_lr", -1, KernelChoice.Fused)]
    [InlineData("steps.schedule_from_1498", 1498, KernelChoice.Fused)]
    public void FiveSteps_Golden_LossesAgree(string prefix, int firstIteration, KernelChoice kernels)
    {
        using GoldenFile golden = new("train_tiny_part.safetensors");
        using Generator generator = new(1);
        using SegmentationModel model = Start(golden, generator, MemoryFormat.ChannelsLast, kernels);
        using AdamW optimizer = Optimizer(model);
        double[] baseRates = [.. optimizer.Groups.Select(group => group.LearningRate)];
        PolySchedule schedule = new(160000, 1500);
        float[] expected = golden.Floats($"{prefix}.losses");
        for (int step = 0; step < expected.Length; step++)
        {
            using TensorScope scope = new();
            if (firstIteration >= 0)
            {
                for (int g = 0; g < baseRates.Length; g++)
                {
                    optimizer.Groups[g].LearningRate = schedule.Rate(firstIteration + step, baseRates[g]);
                }
            }

            optimizer.ZeroGrad();
            Tensor loss = new CrossEntropyLoss(kernels: kernels).Forward(model.Forward(golden["x"]), Labels(golden));
            Assert.Equal(expected[step], loss.Item(), Close.Margin * StepLossTable);
            loss.Backward();
            optimizer.Step();
        }

        if (firstIteration < 0 && TestPaths.Shared is not null)
        {
            using GoldenFile whole = new("train_tiny.safetensors");
            CheckAfterFive(whole, model);
        }
    }

    private static void CheckAfterFive(GoldenFile golden, SegmentationModel model)
    {
        using TensorScope scope = new();
        Dictionary<string, Tensor> state = model.StateTensors().ToDictionary(entry => entry.Key, entry => entry.Value);
        string[] names = [.. golden.Names.Where(name => name.StartsWith("steps.base_lr.param_after_5.", StringComparison.Ordinal))];
        Assert.NotEmpty(names);
        foreach (string name in names)
        {
            Tensor actual = state[name["steps.base_lr.param_after_5.".Length..]];
            Close.Absolute(golden[name], actual.To(ScalarType.Float32), 1e-4, name);
        }
    }

    private static void CheckBuffers(GoldenFile golden, SegmentationModel model, string prefix)
    {
        int compared = 0;
        foreach ((string name, Tensor buffer) in model.NamedBuffers().Where(entry => golden.Has(prefix + entry.Key)))
        {
            compared++;
            Close.Relative(golden[prefix + name], buffer.To(ScalarType.Float32), Close.Margin * BufferTable, name);
        }

        Assert.True(compared >= 30, "too few statistics were compared");
    }

    private static SegmentationModel Start(GoldenFile golden, Generator generator, MemoryFormat format, KernelChoice kernels = KernelChoice.Libtorch)
    {
        using GoldenFile weights = new("tiny.safetensors");
        SegmentationModel model = new(GoldenModels.Tiny(), generator) { Kernels = kernels };
        weights.Fill(model, "");
        model.To(format);
        model.Train();
        Tensor bases = golden["nmf_bases"];
        bases.KeepAlive();
        ((HamHead)model.DecodeHead).Hamburger.Factorisation.TrainingBases = bases;
        return model;
    }

    private static AdamW Optimizer(SegmentationModel model) => new(
        [.. model.NamedParameters().Select(entry =>
        {
            (double rate, double decay, _) = ParameterGroupRules.Official(entry.Key, BaseRate, Decay, HeadMultiplier);
            return new ParameterGroup(entry.Key, entry.Value, rate, decay);
        })]);

    private static Tensor Labels(GoldenFile golden) => golden["labels"].Squeeze(1).To(ScalarType.Int64);

    /// <summary>Biases directly before batch norm, and in this net norm4's: their gradients are rounding noise.</summary>
    private static bool ExactGradientIsZero(string name) => name is
        "backbone.patch_embed1.proj.0.bias" or "backbone.patch_embed1.proj.3.bias" or "backbone.patch_embed2.proj.bias" or
        "backbone.patch_embed3.proj.bias" or "backbone.patch_embed4.proj.bias" or "backbone.norm4.bias";
}
