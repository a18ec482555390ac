using System.Text.Json;
using System.Text.Json.Nodes;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;
using SegNeXt.Training.Tests;

namespace SegNeXt.Cli.Tests;

/// <summary><c>predict</c> and <c>eval</c> by shares.</summary>
public sealed class ShardCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _weights = TestPaths.RequireGolden("nano.safetensors");

    public ShardCommandTests()
    {
        SmallDataSet.Write(Data, train: 0, val: 7);
        File.WriteAllLines(Path.Combine(Data, "classes.txt"), Enumerable.Range(0, 7).Select(id => $"class{id}"));
    }

    private string Data => _folder.File("data");

    private string Pictures => Path.Combine(Data, "images", "val");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Predict_Shards_WriteEachMaskOnceAndTogetherAll()
    {
        Assert.Equal(ExitCode.Done, CommandRun.Of("predict", "--quiet", "--weights", _weights, "--out", _folder.File("whole"), Pictures).Code);
        List<string> written = [];
        for (int i = 0; i < 3; i++)
        {
            // In the order in which another shell may list them.
            string[] order = [.. Directory.GetFiles(Pictures).OrderBy(file => file, Comparer<string>.Create((a, b) => i % 2 == 0 ? string.CompareOrdinal(a, b) : string.CompareOrdinal(b, a)))];
            string part = _folder.File($"part{i}");
            CommandRun run = CommandRun.Of(["predict", "--weights", _weights, "--out", part, "--shard", $"{i}/3", .. order]);
            Assert.Equal(ExitCode.Done, run.Code);
            Assert.Contains($"share {i}/3 of 7", run.Error, StringComparison.Ordinal);
            foreach (string mask in Directory.GetFiles(part))
            {
                written.Add(Path.GetFileName(mask));
                Assert.Equal(File.ReadAllBytes(_folder.File("whole", Path.GetFileName(mask))), File.ReadAllBytes(mask));
            }
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{i:d3}.png"), written.Order());
    }

    [SkippableFact]
    public void Predict_ShardsOfInputsWithAFault_TellItOnce()
    {
        string missing = _folder.File("missing.png");
        int[] codes = [.. Enumerable.Range(0, 2).Select(i => CommandRun.Of("predict", "--quiet", "--weights", _weights, "--out", _folder.File("out"), "--shard", $"{i}/2", Pictures, missing).Code)];
        Assert.Equal([ExitCode.SomeFailed, ExitCode.Done], codes);
    }

    [SkippableFact]
    public void Predict_MoreShardsThanPictures_LeavesSomeWithNothingToDo()
    {
        CommandRun run = CommandRun.Of("predict", "--weights", _weights, "--out", _folder.File("out"), "--shard", "9/10", Pictures);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Output));
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [SkippableFact]
    public void Predict_TwoPicturesOfDifferentShardsWithOneResult_AreRefusedByBoth()
    {
        string other = Path.Combine(Directory.CreateDirectory(_folder.File("more")).FullName, "001.png");
        File.Copy(Path.Combine(Pictures, "001.png"), other);
        for (int i = 0; i < 2; i++)
        {
            CommandRun.Of("predict", "--weights", _weights, "--out", _folder.File("out"), "--shard", $"{i}/2", Path.Combine(Pictures, "001.png"), other).ShouldBeRefused("would both be written");
        }
    }

    [SkippableFact]
    public void Eval_MergedShards_HaveTheWholesFiguresToTheLastBit()
    {
        string whole = Eval("whole", []);
        string[] parts = [.. Enumerable.Range(0, 3).Select(i => Eval($"part{i}", ["--shard", $"{i}/3"]))];
        CommandRun merged = Merge(parts[2], parts[0], parts[1]);
        Assert.Equal((ExitCode.Done, ""), (merged.Code, merged.Error));
        Assert.Equal(Figures(whole), Figures(merged.Output));
        Assert.True(File.Exists(_folder.File("merged.png")));
    }

    [SkippableFact]
    public void Eval_MoreShardsThanPictures_MergesToo()
    {
        string whole = Eval("whole", []);
        string[] parts = [.. Enumerable.Range(0, 9).Select(i => Eval($"part{i}", ["--shard", $"{i}/9"]))];
        Assert.Equal(Figures(whole), Figures(Merge(parts).Output));
    }

    [SkippableFact]
    public void Eval_ShardWithADamagedPicture_CountsItAsFailedInTheWholeToo()
    {
        File.WriteAllText(Path.Combine(Pictures, "004.png"), "no picture");
        CommandRun run = CommandRun.Of(["eval", "--weights", _weights, "--data", Data, "--quiet", "--json", _folder.File("a.json"), "--shard", "0/2"]);
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Eval("b", ["--shard", "1/2"]);
        CommandRun merged = Merge(_folder.File("a.json"), _folder.File("b.json"));
        Assert.Equal(ExitCode.SomeFailed, merged.Code);
        Assert.Equal(6, merged.Json.GetProperty("images").GetInt32());
        Assert.Contains("1 of 7 pictures could not be evaluated", merged.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Eval_RanksOfALauncher_GiveTheWholesFigures()
    {
        string whole = Eval("whole", []);
        string together = _folder.File("together.json");
        using StartedProgram program = StartedProgram.Segnext(
            "launch", "--nproc", "3", "--", "eval", "--weights", _weights, "--data", Data, "--json", together, "--confusion", _folder.File("together.png"));
        CommandRun run = program.End();
        Assert.True(run.Code == ExitCode.Done, run.Error);
        Assert.Equal(Figures(File.ReadAllText(whole)), Figures(File.ReadAllText(together)));
        Assert.DoesNotContain("rank ", run.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Merge_PartsThatDoNotBelongTogether_AreRefused()
    {
        string first = Eval("a", ["--shard", "0/2"]), second = Eval("b", ["--shard", "1/2"]), third = Eval("c", ["--shard", "1/3"]), flipped = Eval("d", ["--shard", "1/2", "--flip"]), whole = Eval("e", []);
        Merge(first).ShouldBeRefused("Of 2 parts 1 is missing: shard 1/2");
        Merge(first, first).ShouldBeRefused("are both shard 0/2");
        Merge(first, third).ShouldBeRefused(third, "is a part of 3");
        Merge(first, flipped).ShouldBeRefused(flipped, "and mirrored");
        Merge(whole).ShouldBeRefused(whole, "no part of an evaluation");
        Merge(_folder.File("missing.json")).ShouldBeRefused("missing.json: there is no such file");
        string changed = _folder.File("changed.json");
        foreach ((string name, JsonNode value) in new (string, JsonNode)[] { ("pictures", 8), ("shard", -1), ("failed", 1), ("sha256", "0"), ("confusion", new JsonArray(1, 2)), ("settings", 5) })
        {
            JsonNode part = JsonNode.Parse(File.ReadAllText(second))!;
            part["part"]![name] = value;
            File.WriteAllText(changed, part.ToJsonString());
            Merge(first, changed).ShouldBeRefused(changed);
        }
    }

    [Theory]
    [InlineData("expected a share i/n with i from 0 to n - 1", "--weights", "w", "--data", "d", "--shard", "2/2", "--json", "f")]
    [InlineData("add --json FILE", "--weights", "w", "--data", "d", "--shard", "0/2")]
    [InlineData("add --json FILE", "--weights", "w", "--data", "d", "--shard", "0/2", "--json")]
    [InlineData("--report shows pictures of the whole data set", "--weights", "w", "--data", "d", "--shard", "0/2", "--json", "f", "--report", "r.html")]
    [InlineData("--confusion belongs to eval --merge", "--weights", "w", "--data", "d", "--shard", "0/2", "--json", "f", "--confusion", "c.png")]
    [InlineData("leave --weights and --shard out", "--merge", "a.json", "--weights", "w")]
    [InlineData("'--weights' is required", "--data", "d")]
    public void Eval_OptionsThatContradict_AreRefused(string expected, params string[] options) =>
        CommandRun.Of(["eval", .. options]).ShouldBeRefused(expected);

    private string Eval(string name, string[] more)
    {
        string file = _folder.File($"{name}.json");
        string[] confusion = more.Contains("--shard") ? [] : ["--confusion", _folder.File($"{name}.png")];
        CommandRun run = CommandRun.Of(["eval", "--weights", _weights, "--data", Data, "--quiet", "--json", file, .. confusion, .. more]);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        return file;
    }

    private CommandRun Merge(params string[] parts) => CommandRun.Of(["eval", "--merge", .. parts, "--quiet", "--json", "--confusion", _folder.File("merged.png")]);

    /// <summary>All but the time taken, as text: equal texts are equal numbers.</summary>
    private static string Figures(string json)
    {
        JsonNode figures = JsonNode.Parse(json.StartsWith('{') ? json : File.ReadAllText(json))!;
        Assert.True(figures.AsObject().Remove("seconds"));
        return figures.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
