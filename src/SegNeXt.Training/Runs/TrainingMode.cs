using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Which parts of a network learn. What is frozen records no gradient, so the backward pass ends in front of it; it is
/// in evaluation mode, so its batch norms keep their statistics and its drop paths drop nothing.
/// </summary>
/// <remarks>As <c>frozen_stages</c> and <c>norm_eval</c> of mmsegmentation's backbones.</remarks>
internal sealed class TrainingMode
{
    private readonly Network _model;
    private readonly TrainSettings _train;
    private readonly Module[] _still;

    /// <summary>Freezes what the settings name.</summary>
    /// <param name="model">The network, already on its device and in its memory layout.</param>
    /// <param name="train">The settings.</param>
    public TrainingMode(Network model, TrainSettings train)
    {
        _model = model;
        _train = train;
        HashSet<string> names = [.. ModuleNames(train.Freeze, model.Config.Decoder is null ? "" : ModelLayout.BackbonePrefix)];
        Module[] frozen = [.. model.NamedModules().Where(entry => names.Contains(entry.Key)).Select(entry => entry.Value)];
        foreach (Tensor parameter in frozen.SelectMany(module => module.NamedParameters()).Select(entry => entry.Value))
        {
            parameter.RequiresGrad_(false);
        }

        IEnumerable<Module> norms = train.NormEval ? model.NamedModules().Select(entry => entry.Value).OfType<BatchNorm2d>() : [];
        _still = [.. frozen, .. norms];
    }

    /// <summary>Sets training mode, with the exceptions made above; to be called again after every evaluation.</summary>
    public void Enter()
    {
        _model.Train();
        foreach (Module module in _still)
        {
            module.Eval();
        }
    }

    /// <summary>What is out of the ordinary, a sentence each.</summary>
    /// <param name="random">Whether the run starts from random weights.</param>
    public IEnumerable<string> Describe(bool random)
    {
        if (_train.Freeze != FrozenPart.None)
        {
            long all = Count(_model.NamedParameters());
            long frozen = Count(_model.NamedParameters().Where(entry => !entry.Value.RequiresGrad));
            string part = _train.Freeze switch
            {
                FrozenPart.Stem => "the stem",
                FrozenPart.Encoder => "the encoder",
                _ => string.Create(CultureInfo.InvariantCulture, $"the stem and the stages to {_train.Freeze - FrozenPart.Stem}"),
            };
            yield return string.Create(CultureInfo.InvariantCulture, $"Frozen: {part}, {frozen} of {all} parameters; the batch norms in it keep their statistics.");
        }

        if (_train.NormEval)
        {
            yield return "train.norm_eval: all batch norms keep the statistics they start with.";
        }

        if (random && (_train.Freeze != FrozenPart.None || _train.NormEval))
        {
            // Means of 0 and variances of 1 that no picture gave.
            yield return "train.freeze and train.norm_eval are meant for weights that have been trained (model.init); here random ones stay as they are.";
        }
    }

    private static long Count(IEnumerable<KeyValuePair<string, Tensor>> parameters) => parameters.Sum(entry => entry.Value.NumElements);

    private static IEnumerable<string> ModuleNames(FrozenPart part, string prefix)
    {
        if (part == FrozenPart.None)
        {
            yield break;
        }

        yield return prefix + "patch_embed1";
        for (int stage = 1; stage <= part - FrozenPart.Stem; stage++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{prefix}patch_embed{stage}");
            yield return string.Create(CultureInfo.InvariantCulture, $"{prefix}block{stage}");
            yield return string.Create(CultureInfo.InvariantCulture, $"{prefix}norm{stage}");
        }
    }
}
