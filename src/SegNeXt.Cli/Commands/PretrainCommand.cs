using SegNeXt.Core;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext pretrain</c>: MSCAN as an image classifier on a folder per class, whose encoder then starts segmentation.</summary>
internal sealed class PretrainCommand : RunCommand
{
    public PretrainCommand(Terminal terminal)
        : base(
            "pretrain",
            "Train an encoder on image classification.",
            "train/CLASS/*.jpg, and val/CLASS/*.jpg or else a tenth of train is held out",
            "an image classifier, or a segmentation model's encoder",
            terminal)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "configs/imagenette-t-5ep.yaml --set data.root=data/imagenette --out runs/imagenette-t-5ep",
        "--data my-photographs --model t --set pretrain.epochs=20",
        "--out runs/imagenette-t-5ep --resume",
    ];

    /// <inheritdoc/>
    protected override RunConfig FromOptions(string data, string model, IEnumerable<string> sets) => RunConfig.FromClassFolders(data, model, sets);

    /// <inheritdoc/>
    protected override void Require(RunConfig config, string source)
    {
        if (config.Pretrain is null)
        {
            throw new InputException($"{source}: has no section 'pretrain' and so trains a segmentation model: segnext train {source}");
        }
    }
}
