using SegNeXt.Core;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext train</c>: a segmentation run from a configuration file, or the short form on a labelled folder.</summary>
internal sealed class TrainCommand : RunCommand
{
    public TrainCommand(Terminal terminal)
        : base(
            "train",
            "Train a segmentation model.",
            "images/{train,val}, labels/{train,val} and an optional classes.txt",
            "a segmentation model, or an ImageNet classifier",
            terminal)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "configs/camvid-t.yaml --set data.root=data/camvid --out runs/camvid-t",
        "--data my-pictures --model t --set train.iterations=2000",
        "--out runs/camvid-t --resume",
    ];

    /// <inheritdoc/>
    protected override RunConfig FromOptions(string data, string model, IEnumerable<string> sets) => RunConfig.FromOptions(data, model, sets);

    /// <inheritdoc/>
    protected override void Require(RunConfig config, string source)
    {
        if (config.Pretrain is not null)
        {
            throw new InputException($"{source}: has a section 'pretrain' and so trains an image classifier: segnext pretrain {source}");
        }
    }
}
