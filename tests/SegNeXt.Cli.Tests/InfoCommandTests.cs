using System.Text.Json;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

public class InfoCommandTests
{
    /// <summary>Parameters of the paper's Table 2 in millions; multiply-adds of its Table 9 in G (512², 150 classes).</summary>
    [Theory]
    [InlineData("t", 4_263_414, 3_903_584, 4.3, 6.6)]
    [InlineData("s", 13_932_886, 13_450_176, 13.9, 15.9)]
    [InlineData("b", 27_636_310, 26_277_824, 27.6, 34.9)]
    [InlineData("l", 48_926_550, 44_636_864, 48.9, 70.0)]
    public void Info_OfThePapersModels_GivesItsFigures(string model, long parameters, long encoder, double printedMillions, double printedGmacs)
    {
        JsonElement json = CommandRun.Of("info", "--model", model, "--classes", "150", "--size", "512x512", "--json").Json;
        Assert.Equal(parameters, json.GetProperty("parameters").GetInt64());
        Assert.Equal(encoder, json.GetProperty("encoder_parameters").GetInt64());
        Assert.Equal(printedMillions, json.GetProperty("parameters").GetInt64() / 1e6, 0.05);
        Assert.Equal(printedGmacs, json.GetProperty("gmacs").GetDouble(), 0.05);
    }

    /// <summary>MSCAN with its 1000-class head: the paper's Table 3, in millions.</summary>
    [Theory]
    [InlineData("t", 4.2)]
    [InlineData("s", 14.0)]
    [InlineData("b", 26.8)]
    [InlineData("l", 45.2)]
    public void Info_WithoutDecoder_GivesTheClassifiersFigures(string model, double printedMillions)
    {
        JsonElement json = CommandRun.Of("info", "--model", model, "--decoder", "none", "--json").Json;
        Assert.Equal(1000, json.GetProperty("classes").GetInt32());
        Assert.Equal(printedMillions, json.GetProperty("parameters").GetInt64() / 1e6, 0.06);
    }

    [Fact]
    public void Info_Json_HasTheStableNamesAndAddsUp()
    {
        JsonElement json = CommandRun.Of("info", "--model", "s", "--classes", "19", "--size", "33x47", "--json").Json;
        Assert.Equal("s", json.GetProperty("model").GetString());
        Assert.Equal(19, json.GetProperty("classes").GetInt32());
        Assert.Equal([33, 47], json.GetProperty("size").EnumerateArray().Select(side => side.GetInt32()));
        JsonElement[] stages = [.. json.GetProperty("stages").EnumerateArray()];
        Assert.Equal("stage1", stages[0].GetProperty("name").GetString());
        Assert.Equal([64, 9, 12], stages[0].GetProperty("output").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal(json.GetProperty("parameters").GetInt64(), stages.Sum(stage => stage.GetProperty("parameters").GetInt64()));
        Assert.Equal(json.GetProperty("gmacs").GetDouble(), stages.Sum(stage => stage.GetProperty("gmacs").GetDouble()), 1e-9);
    }

    /// <summary>A row of each of the paper's tables of variants.</summary>
    [Theory]
    [InlineData(27_636_566, "--model", "b", "--decoder", "nl")]
    [InlineData(4_357_110, "--model", "t", "--decoder", "msca")]
    [InlineData(4_206_070, "--model", "t", "--decoder-stages", "4")]
    [InlineData(4_209_014, "--model", "t", "--attention", "lka")]
    [InlineData(4_193_014, "--model", "t", "--branches", "7,11")]
    [InlineData(4_263_414, "--model", "t", "--no-gating")]
    public void Info_Variant_GivesItsFigures(long parameters, params string[] options) =>
        Assert.Equal(parameters, CommandRun.Of(["info", .. options, "--json"]).Json.GetProperty("parameters").GetInt64());

    [Theory]
    [InlineData("--decoder-stages is '2,1'; expected stages from 1 to 4, ascending", "--decoder-stages", "2,1")]
    [InlineData("--branches is '9'; expected some of 7,11,21", "--branches", "9")]
    [InlineData("belong to --attention msca", "--attention", "lka", "--no-gating")]
    [InlineData("--decoder-stages needs a decoder", "--decoder", "none", "--decoder-stages", "4")]
    [InlineData("--no-gating and --weights exclude each other", "--weights", "w.safetensors", "--no-gating")]
    public void Info_VariantThatIsNone_IsRefused(string expected, params string[] options) => CommandRun.Of(["info", .. options]).ShouldBeRefused(expected);

    [Fact]
    public void Info_WithoutJson_ShowsATable()
    {
        CommandRun run = CommandRun.Of("info");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("SegNeXt-T, 150 classes, 512x512", run.Output, StringComparison.Ordinal);
        Assert.Contains("4 263 414", run.Output, StringComparison.Ordinal);
        Assert.Contains("6.59", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void Info_JsonIntoAFile_LeavesStandardOutputEmpty()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("new", "info.json");
        CommandRun run = CommandRun.Of("info", "--json", file);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Empty(run.Output);
        Assert.Contains("SegNeXt-T", run.Error, StringComparison.Ordinal);
        Assert.Equal("t", JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("model").GetString());
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void Info_JsonIntoAHyphen_IsOnStandardOutput()
    {
        Assert.Equal("t", CommandRun.Of("info", "--json", "-").Json.GetProperty("model").GetString());
        Assert.False(File.Exists("-"));
    }

    [Fact]
    public void Info_QuietWithJsonFile_SaysNothing()
    {
        using TemporaryFolder folder = new();
        CommandRun run = CommandRun.Of("info", "--quiet", "--json", folder.File("info.json"));
        Assert.Equal((ExitCode.Done, "", ""), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public void Info_JsonIntoAFolder_IsRefused()
    {
        using TemporaryFolder folder = new();
        CommandRun.Of("info", "--json", folder.Path).ShouldBeRefused(folder.Path);
    }
}
