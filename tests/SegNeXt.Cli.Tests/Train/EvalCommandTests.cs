using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;
using SegNeXt.Training.Tests;

namespace SegNeXt.Cli.Tests;

public sealed class EvalCommandTests(TrainedRun trained) : IClassFixture<TrainedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    private string Picture => _folder.File("confusion.png");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Eval_Json_HasExactlyTheNamesOfTheContract()
    {
        CommandRun run = Eval(trained.Data, "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        JsonElement json = run.Json;
        Assert.Equal(["aAcc", "mIoU", "mAcc", "mDice", "mFscore", "classes", "images", "seconds"], Names(json));
        Assert.Equal(2, json.GetProperty("images").GetInt32());
        JsonElement[] classes = [.. json.GetProperty("classes").EnumerateArray()];
        Assert.Equal(["left", "middle", "right"], classes.Select(c => c.GetProperty("name").GetString()));
        Assert.All(classes, c => Assert.Equal(["name", "IoU", "Acc", "Dice", "Fscore", "Precision", "Recall"], Names(c)));
        Assert.InRange(json.GetProperty("aAcc").GetDouble(), 0, 1);

        RgbImage picture = ImageFile.ReadRgb(Picture);
        Assert.True(picture.Width > 50 && picture.Height > 50);
    }

    [SkippableFact]
    public void Eval_OfTheRunsOwnConfiguration_GivesTheFigureThatTrainingGave()
    {
        Assert.Equal(ExitCode.Done, trained.Run.Code);
        CommandRun run = CommandRun.Of(
            "eval", "--weights", trained.Weights, "--config", Path.Combine(trained.Folder, "config.yaml"), "--confusion", Picture, "--engine", "torch", "--json");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Folder, "evaluation.json")));
        Assert.Equal(expected.RootElement.GetProperty("mIoU").GetDouble(), run.Json.GetProperty("mIoU").GetDouble(), 1e-12);
    }

    [SkippableFact]
    public void Eval_Report_IsOnePageOfTheEvaluation()
    {
        string report = _folder.File("evaluation.html");
        Assert.Equal(ExitCode.Done, Eval(trained.Data, "--quiet", "--report", report).Code);
        string html = File.ReadAllText(report);
        Assert.Contains("Evaluation report", html, StringComparison.Ordinal);
        Assert.Contains("<h1>best on data</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<h3>Worst</h3>", html, StringComparison.Ordinal);
        Assert.Contains("<section id=\"confusion\">", html, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Eval_JsonIntoAFolder_IsRefusedBeforeTheWeightsAreRead() =>
        Eval(trained.Data, "--json", _folder.Path).ShouldBeRefused($"{_folder.Path}: this is a folder");

    [SkippableFact]
    public void Eval_JsonThatCannotBeWritten_StillShowsTheFigures()
    {
        File.WriteAllText(_folder.File("file"), "");
        CommandRun run = Eval(trained.Data, "--quiet", "--json", _folder.File("file", "result.json"));
        Assert.Equal(ExitCode.Unusable, run.Code);
        Assert.Contains("mIoU ", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{_folder.File("file")} is a file", run.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Eval_OtherNumberOfClasses_IsRefusedInOneSentence()
    {
        SmallDataSet.Write(Data);
        File.WriteAllText(Path.Combine(Data, "classes.txt"), "a\nb\nc\nd\n");
        Eval(Data, "--quiet").ShouldBeRefused(trained.Weights, "3 classes", "has 4 (a, b, c, d)");
        Assert.False(File.Exists(Picture));
    }

    [SkippableFact]
    public void Eval_OtherNamesOfTheClasses_WarnsAndCountsIds()
    {
        SmallDataSet.Write(Data);
        File.WriteAllText(Path.Combine(Data, "classes.txt"), "left\nmid\nright\n");
        CommandRun run = Eval(Data, "--quiet", "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("calls class 1 'middle'", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Json.GetProperty("images").GetInt32());
    }

    [SkippableFact]
    public void Eval_ImageAndLabelThatCannotBeUsed_AreNamedAndTheOthersCounted()
    {
        SmallDataSet.Write(Data, val: 4);
        string label = Path.Combine(Data, "labels", "val", "001.png");
        PngWriter.WriteLabel(label, new LabelMap(70, 56));
        string image = Path.Combine(Data, "images", "val", "003.png");
        File.WriteAllText(image, "no picture");
        CommandRun run = Eval(Data, "--quiet", "--json");
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Equal(2, run.Json.GetProperty("images").GetInt32());
        string[] lines = run.Error.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains($"{label} has 70×56", lines[0], StringComparison.Ordinal);
        Assert.Contains(image, lines[1], StringComparison.Ordinal);
        Assert.Contains("2 of 4 pictures could not be evaluated", lines[2], StringComparison.Ordinal);
        Assert.True(File.Exists(Picture));
    }

    [SkippableFact]
    public void Eval_NoImageThatCanBeUsed_IsUnusable()
    {
        SmallDataSet.Write(Data, val: 1);
        File.WriteAllText(Path.Combine(Data, "images", "val", "000.png"), "no picture");
        CommandRun run = Eval(Data, "--quiet", "--json");
        Assert.Equal((ExitCode.Unusable, ""), (run.Code, run.Output));
        Assert.Contains("No picture could be evaluated", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Picture));
    }

    [SkippableFact]
    public void Eval_SplitThatIsNotThere_ListsThoseThatAre() =>
        Eval(trained.Data, "--quiet", "--split", "test").ShouldBeRefused("no split 'test'", "train, val");

    [Theory]
    [InlineData("Give either --data DIR or --config C")]
    [InlineData("Give either --data DIR or --config C", "--data", "d", "--config", "c.yaml")]
    [InlineData("--set goes with --config", "--data", "d", "--set", "eval.mode=whole")]
    public void Eval_OptionsThatContradict_AreRefused(string expected, params string[] options) =>
        CommandRun.Of(["eval", "--weights", "w.safetensors", .. options]).ShouldBeRefused(expected);

    [SkippableFact]
    public void Predict_WithTrainedWeights_NamesTheDamagedImageAndDoesTheOthers()
    {
        Assert.Equal(ExitCode.Done, trained.Run.Code);
        string photos = Directory.CreateDirectory(_folder.File("photos")).FullName;
        foreach (string name in (string[])["000.png", "001.png"])
        {
            File.Copy(Path.Combine(trained.Data, "images", "val", name), Path.Combine(photos, name));
        }

        byte[] whole = File.ReadAllBytes(Path.Combine(photos, "000.png"));
        File.WriteAllBytes(Path.Combine(photos, "0005.png"), whole[..(whole.Length / 2)]);
        string results = _folder.File("masks");
        CommandRun run = CommandRun.Of("predict", "--weights", trained.Weights, "--out", results, photos);
        Assert.Equal((ExitCode.SomeFailed, ""), (run.Code, run.Output));
        Assert.Single(run.Error.Split('\n'), line => line.Contains("0005.png", StringComparison.Ordinal));
        Assert.Equal(["000.png", "001.png"], Directory.GetFiles(results).Select(file => Path.GetFileName(file)!).Order());
        LabelMap ids = ImageFile.ReadLabel(Path.Combine(results, "001.png"));
        Assert.Equal((72, 56), (ids.Width, ids.Height));
        Assert.All(ids.Ids, id => Assert.InRange(id, 0, 2));
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    private CommandRun Eval(string data, params string[] more)
    {
        Assert.Equal(ExitCode.Done, trained.Run.Code);
        return CommandRun.Of(["eval", "--weights", trained.Weights, "--data", data, "--confusion", Picture, .. more]);
    }
}
