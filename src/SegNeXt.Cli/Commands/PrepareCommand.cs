using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext prepare</c>: a published data set's files into those that training reads.</summary>
internal sealed class PrepareCommand : CliCommand
{
    private const string Cityscapes = "cityscapes";
    private const string CocoStuff = "coco-stuff";
    private const string Context = "context";
    private const string Isaid = "isaid";
    private const string VocAug = "voc-aug";
    private static readonly string[] s_kinds = [Cityscapes, CocoStuff, Context, Isaid, VocAug];

    private readonly Argument<string> _what = new("WHAT") { Description = $"{string.Join(", ", s_kinds[..^1])} or {s_kinds[^1]}; see docs/datasets.md" };
    private readonly Argument<string> _folder = new("DIR") { Description = "The data set's folder as it was unpacked" };
    private readonly Option<string?> _from = Opt.Text("--from", "PATH", "context: trainval_merged.json or the folder of .mat files; voc-aug: the folder of SBD");
    private readonly Option<string?> _out = Opt.Text("--out", "DIR", "isaid: the folder that takes img_dir and ann_dir");
    private readonly Option<ImageSize?> _patch = Opt.Size("--patch", "isaid: size of a patch; 896x896 unless said otherwise");
    private readonly Option<int?> _overlap = Opt.Whole("--overlap", "isaid: pixels that neighbouring patches share; 384 unless said otherwise", 0, ImageSize.MaxSide);
    private readonly Option<bool> _force = Opt.Switch("--force", "Make again what is there already");
    private readonly Option<int?> _threads = Opt.Whole("--threads", "Files converted at a time; one per core unless said otherwise", 1, 1024);

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public PrepareCommand(Terminal terminal)
        : base("prepare", "Convert a data set's files as its official tools do; what is done already is kept.", terminal)
    {
        Add(_what);
        Add(_folder);
        Add(_from);
        Add(_out);
        Add(_patch);
        Add(_overlap);
        Add(_force);
        Add(_threads);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "cityscapes data/cityscapes",
        "isaid downloads/iSAID --out data/iSAID",
        "context data/VOCdevkit/VOC2010 --from trainval_merged.json",
        "voc-aug data/VOCdevkit/VOC2012 --from benchmark_RELEASE",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        string what = parse.GetValue(_what)!;
        RefuseStrangers(parse, what);
        Preparation preparation = Plan(parse, what, parse.GetValue(_folder)!);
        PreparationResult result = null!;
        WorkProgress.Run(Terminal, "Preparing", preparation.Count, progress => result = preparation.Run(
            parse.GetValue(_force), parse.GetValue(_threads) ?? 0, progress.Advance, Terminal.Cancellation));
        foreach (string fault in result.Faults)
        {
            Terminal.Warn(fault);
        }

        foreach (string list in result.Lists)
        {
            Terminal.Note($"{list} written");
        }

        string failed = result.Faults.Count > 0 ? $", {result.Faults.Count} failed" : "";
        Terminal.Note($"{preparation.Count} inputs: {result.Written} converted, {result.Kept} there already{failed}");
        return result.Faults.Count > 0 ? ExitCode.SomeFailed : ExitCode.Done;
    }

    private Preparation Plan(ParseResult parse, string what, string folder) => what switch
    {
        Cityscapes => TrainIdPreparation.Cityscapes(folder),
        CocoStuff => TrainIdPreparation.CocoStuff(folder),
        Context => ContextPreparation.Create(folder, parse.GetValue(_from)),
        VocAug => VocAugPreparation.Create(
            folder, parse.GetValue(_from) ?? throw new InputException("prepare voc-aug needs --from: the folder benchmark_RELEASE of SBD.")),
        Isaid => PlanIsaid(parse, folder),
        _ => throw new InputException($"There is nothing to prepare for '{what}'; expected {string.Join(", ", s_kinds[..^1])} or {s_kinds[^1]}."),
    };

    private Preparation PlanIsaid(ParseResult parse, string folder)
    {
        // Not by default beside the pictures: the patches take several times their room.
        string output = parse.GetValue(_out) ?? throw new InputException("prepare isaid needs --out: the folder that takes the patches.");
        ImageSize patch = parse.GetValue(_patch) ?? new ImageSize(IsaidPreparation.DefaultSize, IsaidPreparation.DefaultSize);
        int overlap = parse.GetValue(_overlap) ?? IsaidPreparation.DefaultOverlap;
        if (Math.Max(patch.Height, patch.Width) > IsaidPreparation.MaxSize)
        {
            throw new InputException($"--patch is {patch}; a side may be {IsaidPreparation.MaxSize} at most.");
        }

        return overlap < Math.Min(patch.Height, patch.Width)
            ? IsaidPreparation.Create(folder, output, patch.Height, patch.Width, overlap)
            : throw new InputException($"--overlap is {overlap}; it must be less than either side of a patch, {patch}.");
    }

    /// <summary>An option that the data set has no use for is a mistake, not to be passed over.</summary>
    private void RefuseStrangers(ParseResult parse, string what)
    {
        (Option Option, string[] Kinds)[] options = [(_from, [Context, VocAug]), (_out, [Isaid]), (_patch, [Isaid]), (_overlap, [Isaid])];
        foreach ((Option option, string[] kinds) in options)
        {
            if (parse.GetResult(option) is not null && !kinds.Contains(what))
            {
                throw new InputException($"{option.Name} goes with prepare {string.Join(" and ", kinds)}.");
            }
        }
    }
}
