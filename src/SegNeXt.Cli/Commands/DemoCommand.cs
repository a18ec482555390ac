using System.CommandLine;
using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary><c>segnext demo</c>: the whole line on rendered street scenes, from nothing to a report in minutes.</summary>
internal sealed class DemoCommand : CliCommand
{
    private readonly Option<string?> _out = Opt.Text("--out", "DIR", "Folder that takes everything; demo-out unless said otherwise");
    private readonly Option<bool> _quick = Opt.Switch("--quick", "A minute's training only: masks are rough");
    private readonly Option<int?> _threads = Opt.Whole("--threads", "CPU threads; one per core unless said otherwise", 1, 1024);

    public DemoCommand(Terminal terminal)
        : base("demo", "Render street scenes, train SegNeXt-T on them, evaluate, predict, write a report: minutes on two cores.", terminal)
    {
        Add(_out);
        Add(_quick);
        Add(_threads);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } = ["", "--out /tmp/demo --quick"];

    /// <inheritdoc/>
    protected override int Execute(ParseResult parse)
    {
        string folder = parse.GetValue(_out) ?? "demo-out";
        // Where there is no libtorch, that is said before pictures are rendered.
        TorchSetup.Open("cpu", parse.GetValue(_threads));
        DemoRecipe recipe = parse.GetValue(_quick) ? DemoRecipe.Quick : DemoRecipe.Full;
        string data = Path.Combine(folder, "streets");
        RunFolder run = PrepareRun(Path.Combine(folder, "run"));
        Render(recipe, data);

        Terminal.Note($"Training SegNeXt-T for {recipe.Iterations} iterations into {run.Path}");
        RunConfig config = RunConfig.FromOptions(data, "t", recipe.Settings(parse.GetValue(_threads)));
        TrainingSummary summary = TrainRunner.Run(config, run, "cpu", resume: false, Terminal)!;

        int pictures = Predict(run.BestWeights, data, Path.Combine(folder, "predictions"), parse.GetValue(_threads));
        TrainRunner.Show(summary, run, config, Terminal);
        string report = Path.Combine(folder, Report.FileName);
        File.Copy(Path.Combine(run.Path, Report.FileName), report, overwrite: true);
        Terminal.Output.WriteLine($"overlays {Path.Combine(folder, "predictions")} ({pictures} pictures)");
        Terminal.Output.WriteLine($"Open {report} in a browser.");
        return ExitCode.Done;
    }

    /// <summary>An empty folder for the run; what an earlier demonstration left there goes.</summary>
    private static RunFolder PrepareRun(string path)
    {
        if (Directory.Exists(path) && new RunFolder(path).HasRun)
        {
            Directory.Delete(path, recursive: true);
        }

        return new RunFolder(path);
    }

    private void Render(DemoRecipe recipe, string data)
    {
        int count = recipe.TrainPictures + recipe.ValPictures;
        WorkProgress.Run(Terminal, "Rendering street scenes", count, progress => StreetScenes.WriteDataSet(
            data, recipe.TrainPictures, recipe.ValPictures, DemoRecipe.Width, DemoRecipe.Height, DemoRecipe.Seed, new Advancing(progress), Terminal.Cancellation));
        Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"Rendered {recipe.TrainPictures} street scenes to train on and {recipe.ValPictures} to check with, in {data}"));
    }

    private int Predict(string weights, string data, string folder, int? threads)
    {
        InputFiles inputs = InputFiles.Expand([Path.Combine(data, "images", "val")]);
        IReadOnlyList<OutputPlan> plans = OutputPlan.Create([.. inputs.Files.Take(DemoRecipe.Overlays)], folder, PredictFiles.Overlay);
        using ISegmenter segmenter = ManagedEngine.Open(TensorFiles.Open(weights), threads, Terminal);
        OutputFolder.Create(folder);
        PredictRunner runner = new(new TestTimeSegmenter(segmenter, new TestOptions()), ClassSet.Of(segmenter.Config), IdFormat.Create("ids", segmenter.Config), Terminal);
        return plans.Count - runner.Run(plans);
    }

    /// <summary>Counts a picture whenever one is done; pictures are rendered on many threads.</summary>
    private sealed class Advancing(WorkProgress progress) : IProgress<int>
    {
        public void Report(int value)
        {
            lock (progress)
            {
                progress.Advance();
            }
        }
    }
}
