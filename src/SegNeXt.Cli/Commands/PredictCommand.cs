using System.CommandLine;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary><c>segnext predict</c>: pictures in, class ids, overlays and scores out.</summary>
internal sealed class PredictCommand : CliCommand
{
    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Pictures (JPEG, PNG), folders of pictures, patterns such as 'photos/*.jpg'; videos, cameras (/dev/video0) and addresses (rtsp://…), by way of ffmpeg",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _weights = Opt.Text("--weights", "W", "A .safetensors or official .pth file; the street-scene model that comes with the program unless said otherwise");
    private readonly Option<string?> _out = Opt.Text("--out", "DIR", "Folder that takes the results", required: true);
    private readonly TestArguments _test = new();
    private readonly Option<bool> _tile = Opt.Switch("--tile", "Read, segment and write by strips, in windows as --mode slide has them: for pictures of any size; done unasked where a picture does not fit into memory");
    private readonly Option<bool> _overlay = Opt.Switch("--overlay", "Write NAME_overlay.png too: picture, colours and legend; of a video NAME_overlay.mp4, which is made unasked unless --frames is given");
    private readonly Option<bool> _frames = Opt.Switch("--frames", "Of videos: write class ids as NAME/000001.png, NAME/000002.png, …");
    private readonly Option<string?> _inputFormat = Opt.Text("--input-format", "F", "Take each PATH as an input of this format of ffmpeg's, such as v4l2, avfoundation, dshow, x11grab");
    private readonly Option<bool> _probabilities = Opt.Switch("--probabilities", "Write NAME_probabilities.npy too: float32 [K,H,W]");
    private readonly Option<bool> _logits = Opt.Switch("--save-logits", "Write NAME_logits.npy too: float32 [K,H,W] before softmax");
    private readonly Option<string?> _format = Opt.Choice("--format", "Ids as the model has them, as Cityscapes' label ids, with VOC's palette, or from 1 as in ADE20K; ids unless said otherwise", [.. IdFormat.Names]);
    private readonly ShardArguments _shard = new();
    private readonly EngineArguments _engine = new();

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it talks.</param>
    public PredictCommand(Terminal terminal)
        : base("predict", "Segment pictures: class ids as NAME.png for each.", terminal)
    {
        Add(_paths);
        Add(_weights);
        Add(_out);
        _test.AddTo(this);
        Add(_tile);
        Add(_overlay);
        Add(_frames);
        Add(_inputFormat);
        Add(_probabilities);
        Add(_logits);
        Add(_format);
        _shard.AddTo(this);
        _engine.AddTo(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "--out masks --overlay street.jpg",
        "--weights best.safetensors --out masks --overlay photos",
        "--weights best.safetensors --out masks --mode slide --crop 1024x1024 --stride 768x768 street.jpg",
        "--weights best.safetensors --out masks --tile --crop 512x512 aerial.png",
        "--out masks clip.mp4",
        "--out masks --resize 640x480 /dev/video0",
        "--weights best.safetensors --out masks --shard 0/8 photos",
        "--weights best.safetensors --out masks --engine torch --device cuda photos",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        // All that can be refused is refused before the weights are read.
        _engine.Check(parse);
        PredictFiles files = (parse.GetValue(_overlay) ? PredictFiles.Overlay : 0)
            | (parse.GetValue(_probabilities) ? PredictFiles.Probabilities : 0)
            | (parse.GetValue(_logits) ? PredictFiles.Logits : 0);
        bool tile = parse.GetValue(_tile);
        TestOptions test = _test.Read(parse, _engine.Threads(parse), windows: tile);
        if (tile && (!StripSegmenter.Supports(test) || (files & (PredictFiles.Probabilities | PredictFiles.Logits)) != 0))
        {
            throw new InputException("--tile does not hold a picture whole, as --probabilities, --save-logits, --scales, --flip, --resize and --multiple need it; leave those out.");
        }

        if (files.HasFlag(PredictFiles.Logits) && (test.Scales.Length > 1 || test.Flip))
        {
            throw new InputException("--save-logits goes with a single scale and without --flip: several are averaged after softmax.");
        }

        string[] paths = parse.GetValue(_paths)!;
        string? inputFormat = parse.GetValue(_inputFormat);
        VideoInput[] sources = [.. paths.Where(path => inputFormat is not null || VideoInput.IsSource(path)).Select(path => VideoInput.Source(path, inputFormat))];
        InputFiles inputs = InputFiles.Expand([.. paths.Where(path => inputFormat is null && !VideoInput.IsSource(path))]);
        ILookup<bool, string> isVideo = inputs.Files.ToLookup(VideoInput.IsVideo);
        string folder = parse.GetValue(_out)!;
        IReadOnlyList<OutputPlan> plans = OutputPlan.Create([.. isVideo[false]], folder, files);
        IReadOnlyList<VideoPlan> videos = PlanVideos([.. isVideo[true].Select(VideoInput.File), .. sources], folder, files, parse.GetValue(_frames));
        PredictWork whole = new(plans, videos, inputs.Problems);
        (Shard? share, RankEnvironment? place) = _shard.Read(parse, Terminal);
        PredictWork work = share is { } part ? whole.Share(part) : whole;
        work.RequireRoom();
        work.Problems.ToList().ForEach(Terminal.Warn);

        // Processes of one launcher end together: one that ends early, with inputs that failed, would take the others along.
        using RankGathering? ranks = place is null ? null : RankGathering.Join(place);
        int failed = work.Count == 0 ? 0 : Segment(parse, work, test, tile, folder);
        IReadOnlyList<int>? all = ranks is null ? [failed] : ranks.Gather(BitConverter.GetBytes(failed), Terminal.Cancellation)?.Select(bytes => BitConverter.ToInt32(bytes)).ToArray();
        if (all is null)
        {
            return ExitCode.Done;
        }

        PredictWork told = place is null ? work : whole;
        string by = place is not null ? $" by {place.WorldSize} processes" : share is not null ? $", share {share} of {whole.Count}" : "";
        Terminal.Note($"{told.Count - all.Sum()} of {told.Count} {told.Name} segmented into {folder}{by}");
        return all.Sum() + work.Problems.Count > 0 ? ExitCode.SomeFailed : ExitCode.Done;
    }

    /// <summary>Segments a share of the inputs.</summary>
    /// <returns>How many failed.</returns>
    private int Segment(ParseResult parse, PredictWork work, TestOptions test, bool tile, string folder)
    {
        string weights = parse.GetValue(_weights) ?? ShippedModel.RequireAndTell(Terminal);
        using ISegmenter segmenter = _engine.Open(parse, weights, Terminal);
        IdFormat format = IdFormat.Create(parse.GetValue(_format) ?? "ids", segmenter.Config);
        OutputFolder.Create(folder);
        ClassSet classes = ClassSet.Of(segmenter.Config);
        PredictRunner runner = new(
            new TestTimeSegmenter(segmenter, test),
            classes,
            format,
            Terminal,
            new StripChoice(segmenter, test, tile),
            StripSegmenter.Supports(test) ? new StripPrediction(new StripSegmenter(segmenter, test), classes, format, Terminal) : null);
        int failed = work.Pictures.Count > 0 ? runner.Run(work.Pictures) : 0;
        return work.Videos.Count > 0
            ? failed + new VideoRunner(new TestTimeSegmenter(segmenter, test), classes, format, "ffmpeg", Terminal).Run(work.Videos)
            : failed;
    }

    private static IReadOnlyList<VideoPlan> PlanVideos(IReadOnlyList<VideoInput> inputs, string folder, PredictFiles files, bool frames)
    {
        if (inputs.Count == 0)
        {
            return frames ? throw new InputException("--frames belongs to videos and cameras, and there is none among the inputs.") : [];
        }

        return (files & (PredictFiles.Probabilities | PredictFiles.Logits)) == 0
            ? VideoPlan.Create(inputs, folder, overlay: files.HasFlag(PredictFiles.Overlay) || !frames, frames)
            : throw new InputException($"{inputs[0].Name} is a video, of which --probabilities and --save-logits are not written; leave them out.");
    }
}
