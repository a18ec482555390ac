using System.Text.Json;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Cli.Tests;

public class CheckCommandTests
{
    [Fact]
    public void Check_Json_DescribesThisMachine()
    {
        CommandRun run = CommandRun.Of("check", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonElement json = run.Json;
        Assert.Equal(Environment.ProcessorCount, json.GetProperty("cores").GetInt32());
        Assert.True(json.GetProperty("memory_mb").GetInt64() > 0);
        bool available = TorchRuntime.IsAvailable(out string? reason);
        JsonElement torch = json.GetProperty("libtorch");
        Assert.Equal(available, torch.GetProperty("available").GetBoolean());
        Assert.Equal(available ? TorchRuntime.Version : "", torch.GetProperty("version").GetString());
        Assert.Equal(string.IsNullOrEmpty(reason), torch.GetProperty("reason").GetString()!.Length == 0);
    }

    [Fact]
    public void Check_Json_NamesWhatBringsEachDependency()
    {
        JsonElement[] dependencies = [.. CommandRun.Of("check", "--json").Json.GetProperty("dependencies").EnumerateArray()];
        Assert.Equal(["libtorch", "libjpeg-turbo", "libspng", "ffmpeg"], dependencies.Select(dependency => dependency.GetProperty("name").GetString()));
        Assert.All(dependencies, dependency => Assert.StartsWith("apt install ", dependency.GetProperty("install").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Check_ForPeople_SaysWhatWorksAndWhatIsMissing()
    {
        CommandRun run = CommandRun.Of("check");
        Assert.Equal(ExitCode.Done, run.Code);
        int verdicts = run.Output.Split('\n').Count(line => line.StartsWith("works: ", StringComparison.Ordinal) || line.StartsWith("missing: ", StringComparison.Ordinal));
        Assert.Equal(5, verdicts);
        Assert.Contains("works:   predict, eval", run.Output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("cpu", "fp32")]
    [InlineData("cpu", "bf16")]
    [InlineData("cuda", "fp32")]
    [InlineData("cuda", "bf16")]
    [InlineData("cuda", "fp16")]
    public void Check_Device_ComparesWithTheReleasedCodeAndTheCpu(string device, string precision)
    {
        Skip.If(device == "cuda" && !TorchRuntime.CudaAvailable, "there is no GPU here");
        string golden = Path.GetDirectoryName(TestPaths.RequireGolden("tiny.safetensors"))!;
        CommandRun run = CommandRun.Of("check", "--device", device, "--golden", golden, "--sizes", "t", "--precision", precision, "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.True(run.Json.GetProperty("passes").GetBoolean());
        JsonElement[] comparisons = [.. run.Json.GetProperty("comparisons").EnumerateArray()];
        Assert.Equal(5, comparisons.Length);
        Assert.All(comparisons, each => Assert.InRange(each.GetProperty("difference").GetDouble(), double.Epsilon, each.GetProperty("tolerance").GetDouble()));
        Assert.All(comparisons, each => Assert.EndsWith(precision, each.GetProperty("what").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Check_DeviceWithoutTheNumbers_SaysWhatFailed()
    {
        using TemporaryFolder empty = new();
        CommandRun run = CommandRun.Of("check", "--device", "cpu", "--golden", empty.Path, "--sizes", "t");
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Contains("forward_tiny_odd.safetensors", run.Error, StringComparison.Ordinal);
        Assert.Contains("agrees", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("belong to check --device", "--golden", "x")]
    [InlineData("no size 'x'", "--device", "cpu", "--sizes", "t,x")]
    [InlineData("no such folder", "--device", "cpu", "--golden", "/nowhere")]
    [InlineData("no device 'tpu'", "--device", "tpu")]
    [InlineData("fp16 is for a GPU", "--device", "cpu", "--precision", "fp16")]
    public void Check_WrongOptions_AreRefused(string expected, params string[] options) => CommandRun.Of(["check", .. options]).ShouldBeRefused(expected);
}
