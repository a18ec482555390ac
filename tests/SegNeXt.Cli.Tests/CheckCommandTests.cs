using System.Text.Json;
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
}
