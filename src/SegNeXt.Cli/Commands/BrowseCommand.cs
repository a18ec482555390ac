using System.CommandLine;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext browse</c>: pictures of what training sees after augmentation.</summary>
internal sealed class BrowseCommand : CliCommand
{
    private const int DefaultCount = 12;
    private const int DefaultDraws = 3;
    private readonly DataArguments _data = new();
    private readonly Option<string?> _out = Opt.Text("-o", "DIR", "Folder for the pictures and index.html", required: true);
    private readonly Option<int?> _count = Opt.Whole("--count", $"Samples to show; {DefaultCount} unless said otherwise", 1, 10000);
    private readonly Option<int?> _draws = Opt.Whole("--draws", $"Draws of augmentation a sample; {DefaultDraws} unless said otherwise", 1, 12);
    private readonly Option<int?> _seed = Opt.Whole("--seed", "The run's seed; the configuration's unless said otherwise", 0, int.MaxValue);

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public BrowseCommand(Terminal terminal)
        : base("browse", "Show what training sees after augmentation.", terminal)
    {
        _data.AddTo(this);
        Add(_out);
        Add(_count);
        Add(_draws);
        Add(_seed);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--config configs/camvid-t.yaml --set data.root=data/camvid -o seen",
        "--config configs/imagenette-t-20ep.yaml --set data.root=data/imagenette -o seen",
        "--data my-pictures --set train.crop=256x256 -o seen --count 24",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        string[] seed = parse.GetValue(_seed) is { } number ? [$"seed={number}"] : [];
        RunConfig config = _data.Read(parse, seed);
        if (config.Pretrain is not null)
        {
            return Classification(config, parse.GetValue(_out)!, parse.GetValue(_count) ?? DefaultCount, parse.GetValue(_draws) ?? DefaultDraws);
        }

        TrainingPreview preview = new(config);
        int count = Math.Min(parse.GetValue(_count) ?? DefaultCount, preview.Count);
        PreviewPage page = new(parse.GetValue(_out)!, config, preview.Classes);
        WorkProgress.Run(Terminal, "Drawing", count, progress =>
        {
            foreach (PreviewSample sample in preview.Samples(count, parse.GetValue(_draws) ?? DefaultDraws, Terminal.Cancellation))
            {
                page.Add(sample);
                progress.Advance();
            }
        });
        Terminal.Output.WriteLine(page.Write(preview.Count));
        return ExitCode.Done;
    }

    private int Classification(RunConfig config, string folder, int count, int draws)
    {
        ConfiguredData.Require(config);
        string? page = null;
        WorkProgress.Run(Terminal, "Drawing", count, progress => page = ClassificationPreview.Write(folder, config, count, draws, progress.Advance, Terminal.Cancellation));
        Terminal.Output.WriteLine(page);
        return ExitCode.Done;
    }
}
