using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>A network of the zoo as the trainer sees it: what it is, and how it computes.</summary>
public abstract class Network : Module, IModel
{
    private KernelChoice _kernels;

    /// <summary>Begins a network.</summary>
    /// <param name="config">What it is.</param>
    protected Network(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
    }

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <summary>Which parts are computed a second time in the backward pass to save memory; none at first.</summary>
    public abstract ActivationCheckpointing ActivationCheckpointing { get; set; }

    /// <summary>
    /// Whose kernels compute the network in training; libtorch's at first. In evaluation they are always libtorch's, so that
    /// a picture's scores do not depend on how its network was trained.
    /// </summary>
    public KernelChoice Kernels
    {
        get => _kernels;
        set
        {
            _kernels = value;
            Use();
        }
    }

    /// <summary>Builds what a configuration describes: a segmentation model, or a classifier where there is no decoder.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="generator">Source of the initial weights and of all randomness in training.</param>
    /// <exception cref="InputException">The configuration's parts are not known.</exception>
    public static Network Create(ModelConfig config, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Decoder is null ? new MscanClassifier(config, generator) : new SegmentationModel(config, generator);
    }

    /// <inheritdoc/>
    public abstract Tensor Forward(Tensor x);

    /// <inheritdoc/>
    public override void Train(bool mode = true)
    {
        base.Train(mode);
        Use();
    }

    /// <summary>Sets whose kernels compute the parts.</summary>
    /// <param name="choice">The kernels.</param>
    private protected abstract void Use(KernelChoice choice);

    private void Use() => Use(Training ? Kernels : KernelChoice.Libtorch);
}
