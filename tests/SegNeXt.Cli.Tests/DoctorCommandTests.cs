using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;
using SegNeXt.Training.Tests;

namespace SegNeXt.Cli.Tests;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DoctorCommandTests() => SmallDataSet.Write(_folder.File("data"));

    private string Root => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Doctor_SoundData_SaysReady()
    {
        CommandRun run = CommandRun.Of("doctor", "--data", Root);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("train: 6 pictures   val: 2 pictures", run.Output, StringComparison.Ordinal);
        Assert.Contains("middle", run.Output, StringComparison.Ordinal);
        Assert.Contains("Verdict: ready to train", run.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_FaultyData_NamesFilesAndRemedies_WorstFirst()
    {
        Damage();
        CommandRun run = CommandRun.Of("doctor", "--data", Root);
        Assert.Equal((ExitCode.SomeFailed, ""), (run.Code, run.Error));
        Assert.Contains($"{Path.Combine("images", "train", "001.png")}: ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"segnext doctor --data {Root} --relabel 9:255 -o {Root}-relabelled", run.Output, StringComparison.Ordinal);
        Assert.True(run.Output.IndexOf("ERROR", StringComparison.Ordinal) < run.Output.IndexOf("note  ", StringComparison.Ordinal));
        Assert.Contains("Verdict: do not train yet: 2 errors", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_Json_HasStableNames()
    {
        Damage();
        CommandRun run = CommandRun.Of("doctor", "--data", Root, "--json");
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        JsonElement json = run.Json;
        Assert.Equal((8, 8, 2), (json.GetProperty("images").GetInt32(), json.GetProperty("labels").GetInt32(), json.GetProperty("errors").GetInt32()));
        Assert.Equal(["train", "val"], json.GetProperty("splits").EnumerateArray().Select(split => split.GetProperty("name").GetString()));
        JsonElement first = json.GetProperty("classes")[0];
        Assert.Equal(("left", 0, 8), (first.GetProperty("name").GetString(), first.GetProperty("id").GetInt32(), first.GetProperty("images").GetInt32()));
        Assert.InRange(first.GetProperty("share").GetDouble(), 0.2, 0.7);
        JsonElement finding = json.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("code").GetString() == "damaged-images");
        Assert.Equal("error", finding.GetProperty("severity").GetString());
        Assert.Equal(1, finding.GetProperty("count").GetInt32());
        Assert.Equal(Path.Combine(Root, "images", "train", "001.png"), finding.GetProperty("files")[0].GetString());
        Assert.NotEqual("", finding.GetProperty("message").GetString());
        Assert.NotEqual("", finding.GetProperty("remedy").GetString());
    }

    [Fact]
    public void Doctor_LongFindings_KeepEveryWordWhereLinesBreak()
    {
        Damage();
        CommandRun run = CommandRun.Of("doctor", "--data", Root);
        string words = string.Join(' ', run.Output.Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        JsonElement[] findings = [.. CommandRun.Of("doctor", "--data", Root, "--json").Json.GetProperty("findings").EnumerateArray()];
        Assert.Contains(findings, finding => finding.GetProperty("message").GetString()!.Length > 110);
        Assert.All(findings, finding =>
        {
            Assert.Contains($" {finding.GetProperty("message")} [{finding.GetProperty("code")}] ", words, StringComparison.Ordinal);
            Assert.Contains($" → {finding.GetProperty("remedy")} ", words, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Doctor_Config_ComparesClassesAndCrop()
    {
        string config = _folder.File("c.yaml");
        File.WriteAllText(config, $"data:\n  root: {Root}\nmodel:\n  size: t\n  classes: 4\ntrain:\n  crop: 128x128\n  iterations: 10\n  batch: 2\n  lr: 1e-3\n");
        CommandRun run = CommandRun.Of("doctor", "--config", config, "--json");
        string[] codes = [.. run.Json.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString()!)];
        Assert.Contains("class-count", codes);
        Assert.Contains("smaller-than-crop", codes);
        Assert.Equal(ExitCode.Done, CommandRun.Of("doctor", "--config", config, "--set", "model.classes=3", "--quick", "--limit", "2").Code);
    }

    [Fact]
    public void Doctor_Relabel_WritesTheLabelsAnew()
    {
        string target = _folder.File("new");
        CommandRun run = CommandRun.Of("doctor", "--data", Root, "--relabel", "0:2,2:0", "-o", target);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("8 of 8 labels written", run.Output, StringComparison.Ordinal);
        byte[] before = ImageFile.ReadLabel(Path.Combine(Root, "labels", "val", "001.png")).Ids;
        byte[] after = ImageFile.ReadLabel(Path.Combine(target, "labels", "val", "001.png")).Ids;
        Assert.Equal(before.Select(id => (byte)(2 - id)), after);
    }

    [Fact]
    public void Doctor_Relabel_OneBadLabel_TheOthersAreWritten()
    {
        File.WriteAllBytes(Path.Combine(Root, "labels", "train", "003.png"), []);
        CommandRun run = CommandRun.Of("doctor", "--data", Root, "--relabel", "1-2:0", "-o", _folder.File("new"));
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Contains("003.png", run.Error, StringComparison.Ordinal);
        Assert.Contains("7 of 8", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_WrongUse_IsRefused()
    {
        CommandRun.Of("doctor").ShouldBeRefused("Give either --data DIR or --config C.");
        CommandRun.Of("doctor", "--data", _folder.File("nothing")).ShouldBeRefused("nothing", "there is no such folder");
        CommandRun.Of("doctor", "--data", Root, "--relabel", "255:1").ShouldBeRefused("-o DIR");
        CommandRun.Of("doctor", "--data", Root, "--relabel", "255:1", "-o", Root).ShouldBeRefused("is the data set itself");
        CommandRun.Of("doctor", "--data", Root, "--relabel", "a:b", "-o", _folder.File("new")).ShouldBeRefused("'a:b' is not understood");
        CommandRun.Of("doctor", "--data", Root, "--relabel", "vok", "-o", _folder.File("new")).ShouldBeRefused("there is no class set 'vok'");
        CommandRun.Of("doctor", "--data", Root, "-o", _folder.File("new")).ShouldBeRefused("-o goes with --relabel");
        CommandRun.Of("doctor", "--data", Root, "--json", Root).ShouldBeRefused("this is a folder");
    }

    [Fact]
    public void Train_OnFaultyData_PointsToDoctor()
    {
        Damage();
        CommandRun run = CommandRun.Of("train", "--data", Root, "--out", _folder.File("run"), "--quiet");
        run.ShouldBeRefused("001.png", $"segnext doctor --data {Root}");
    }

    private void Damage()
    {
        File.WriteAllBytes(Path.Combine(Root, "images", "train", "001.png"), []);
        string path = Path.Combine(Root, "labels", "train", "002.png");
        LabelMap label = ImageFile.ReadLabel(path);
        label.Ids[5] = 9;
        PngWriter.WriteLabel(path, label);
    }
}
