using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>
/// Gradient-weighted class activation maps: with A the map of a layer and s a score,
/// <c>ReLU(Σ_c α_c · A_c)</c> with <c>α_c = mean over positions of ∂s/∂A_c</c>.
/// </summary>
/// <remarks>
/// Selvaraju et al. (ICCV 2017), Eq. 1–2; SegNeXt (arXiv:2209.08575), appendix, Fig. 2. For dense predictions the score is the
/// sum of a class's logits over pixels (Vinogradova et al., Seg-Grad-CAM, AAAI 2020).
/// </remarks>
public static class GradCam
{
    /// <summary>Why a model has no such layer.</summary>
    /// <param name="model">What the model is.</param>
    /// <param name="layer">Whose map is asked for.</param>
    /// <returns>A sentence; null where the model has it.</returns>
    public static string? Refusal(ModelConfig model, ExplainedLayer layer)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (layer == ExplainedLayer.Decoder)
        {
            return model.Decoder is null ? "An image classifier has no decoder; its layers are stage1, stage2, stage3 and stage4." : null;
        }

        // A stage has a part in the score by those behind it too.
        int last = model.Decoder?.InputStages.Max() ?? (int)ExplainedLayer.Stage4;
        return (int)layer > last ? $"{layer.ToString().ToLowerInvariant()} has no part in the scores: this model's decoder reads no stage behind stage{last + 1}." : null;
    }

    /// <summary>Computes the map of one picture, in evaluation mode; mode and gradients of the model are left as they were.</summary>
    /// <typeparam name="TModel">A model that is a module.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="x">A normalised picture <c>[1, 3, H, W]</c> on the model's device.</param>
    /// <param name="layer">Whose map.</param>
    /// <param name="score">From the model's logits to the scalar that is explained.</param>
    /// <exception cref="InputException">The model has no such layer.</exception>
    /// <exception cref="ArgumentException"><paramref name="score"/> does not depend on the layer.</exception>
    public static ClassActivation Explain<TModel>(TModel model, Tensor x, ExplainedLayer layer, Func<Tensor, Tensor> score)
        where TModel : Module, IModel
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(score);
        using TensorScope scope = new();

        // With the weights out of the graph it begins at the layer: what is before takes no more memory than a prediction.
        Tensor[] learned = [.. model.NamedParameters().Select(entry => entry.Value).Where(parameter => parameter.RequiresGrad)];
        bool training = model.Training;
        Tensor? activation = null;
        Tensor Take(Tensor output)
        {
            // The network may be at work in scopes of its own.
            activation = output.Detach().RequiresGrad_();
            activation.LeaveScopes();
            return activation;
        }

        if (Refusal(model.Config, layer) is { } refusal)
        {
            throw new InputException(refusal);
        }

        Action release = Probe(model, layer, Take);
        try
        {
            Record(learned, false);
            model.Eval();
            using GradMode grad = Autograd.EnableGrad();
            Tensor value = score(model.Forward(x));
            Tensor? gradient = activation is not null && value.RequiresGrad ? Autograd.GradOrNull(value, [activation])[0] : null;
            if (gradient is null)
            {
                throw new ArgumentException($"The score does not depend on {layer}.", nameof(score));
            }

            using GradMode noGrad = Autograd.NoGrad();
            Tensor weights = gradient.Mean([0, 2, 3], keepDim: true);
            Tensor map = (weights * activation!.Detach()).Sum([0, 1]).Relu();
            return new ClassActivation((int)map.Size(0), (int)map.Size(1), Floats(map), Floats(weights), value.Detach().Item());
        }
        finally
        {
            activation?.Dispose();
            release();
            model.Train(training);
            Record(learned, true);
        }
    }

    private static float[] Floats(Tensor tensor) => tensor.To(Device.Cpu).To(ScalarType.Float32).Contiguous().ToArray<float>();

    private static Action Probe<TModel>(TModel model, ExplainedLayer layer, Func<Tensor, Tensor> take)
        where TModel : Module, IModel
    {
        if (layer != ExplainedLayer.Decoder)
        {
            Encoder encoder = model.NamedModules().Select(entry => entry.Value).OfType<Encoder>().First();
            encoder.StageProbe = (stage, output) => stage == (int)layer ? take(output) : output;
            return () => encoder.StageProbe = null;
        }

        Conv2d classifier = Classifier(model);
        classifier.InputProbe = take;
        return () => classifier.InputProbe = null;
    }

    /// <summary>The layer that gives the logits, by the name that it has in every decoder of the released codes.</summary>
    private static Conv2d Classifier<TModel>(TModel model)
        where TModel : Module, IModel =>
        model.NamedModules().Where(entry => entry.Key is "decode_head.conv_seg" or "decode_head.linear_pred").Select(entry => entry.Value).OfType<Conv2d>().First();

    private static void Record(Tensor[] parameters, bool on)
    {
        foreach (Tensor parameter in parameters)
        {
            parameter.RequiresGrad_(on);
        }
    }
}
