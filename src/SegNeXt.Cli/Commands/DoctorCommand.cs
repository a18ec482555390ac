using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext doctor</c>: what is wrong with a data set, and what to change, before hours are spent on it.</summary>
internal sealed class DoctorCommand : CliCommand
{
    private readonly DataArguments _data = new();
    private readonly Option<bool> _quick = Opt.Switch("--quick", "Read pictures' headers only; labels are read in full");
    private readonly Option<int?> _limit = Opt.Whole("--limit", "Look at no more than N samples of each split, spread evenly; all unless said otherwise", 1, int.MaxValue);
    private readonly Option<bool> _all = Opt.Switch("--all", "Name every file, not a few examples");
    private readonly Option<string?> _relabel = Opt.Text("--relabel", "MAP", "Instead of looking: write the labels with other values to -o, such as 255:1 or 1-5:0 or #FF0000:2, or the name of a known palette");
    private readonly Option<string?> _out = Opt.Text("-o", "DIR", "With --relabel: a new folder, which gets labels/SPLIT");
    private readonly JsonOutput _json = new();

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public DoctorCommand(Terminal terminal)
        : base("doctor", "Find what is wrong with a data set, and say what to change.", terminal)
    {
        _data.AddTo(this);
        Add(_quick);
        Add(_limit);
        Add(_all);
        Add(_relabel);
        Add(_out);
        Add(_json.Option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--data my-pictures",
        "--config configs/camvid-t.yaml --set data.root=data/camvid --json report.json",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        _json.Check(parse);
        RunConfig config = _data.Read(parse);
        if (parse.GetValue(_relabel) is { } map)
        {
            return Relabel(config.Data.Root, map, parse.GetValue(_out) ?? throw new InputException("--relabel writes new labels: give a folder for them with -o DIR."));
        }

        if (parse.GetValue(_out) is not null)
        {
            throw new InputException("-o goes with --relabel.");
        }

        DataSetDoctor doctor = DataSetDoctor.Open(config.Data.Root, new DoctorOptions
        {
            Type = config.Data.Type.ToString(),
            TrainSplit = config.Data.TrainSplit,
            ValSplit = config.EvalSplit,
            Classes = config.Model.Classes,
            Augmentation = config.Train.ToAugmentation(config.Model.ToModelConfig(config.Model.Classes ?? 2)),
            Quick = parse.GetValue(_quick),
            Limit = parse.GetValue(_limit),
        });
        DoctorReport? report = null;
        WorkProgress.Run(Terminal, "Examining", doctor.Count, progress => report = doctor.Examine(progress.Advance, Terminal.Cancellation));
        _json.Present(
            parse,
            Terminal,
            json => DoctorJson.Write(json, report!),
            onError => DoctorText.Show(Terminal, report!, parse.GetValue(_all), onError));
        return report!.Errors + report.Warnings > 0 ? ExitCode.SomeFailed : ExitCode.Done;
    }

    private int Relabel(string root, string map, string target)
    {
        Relabelling relabelling = Relabelling.Open(root, RelabelMap.Parse(map, root), target);
        int failed = 0;
        WorkProgress.Run(Terminal, "Relabelling", relabelling.Count, progress => relabelling.Run(
            fault =>
            {
                if (fault is not null)
                {
                    failed++;
                    Terminal.Warn(fault);
                }

                progress.Advance();
            },
            Terminal.Cancellation));
        Terminal.Output.WriteLine($"{relabelling.Count - failed} of {relabelling.Count} labels written to {Path.Combine(target, "labels")}; put it in the place of {Path.Combine(root, "labels")}.");
        return failed > 0 ? ExitCode.SomeFailed : ExitCode.Done;
    }
}
