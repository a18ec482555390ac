using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using SegNeXt.Training;
using SegNeXt.Training.Tests;

namespace SegNeXt.Cli.Tests;

public sealed class BenchAndDemoTests
{
    [SkippableFact]
    public void Bench_Train_GivesTheStepsTimes()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        CommandRun run = CommandRun.Of("bench", "--train", "--size", "32x32", "--batch", "1", "--steps", "2", "--classes", "3", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        double median = run.Json.GetProperty("step").GetProperty("median_ms").GetDouble();
        Assert.True(median > 0);
        Assert.True(run.Json.GetProperty("step").GetProperty("p95_ms").GetDouble() >= median);
    }

    [Fact]
    public void Bench_WithoutTrain_SaysWhatItCan()
    {
        CommandRun.Of("bench").ShouldBeRefused("--train or --loader");
        CommandRun.Of("bench", "--train", "--loader").ShouldBeRefused("--train or --loader");
        CommandRun.Of("bench", "--train", "--workers", "2").ShouldBeRefused("bench --loader");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bench_Loader_GivesSpeedsAndSteps(bool fast)
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.File("data"));
        CommandRun run = CommandRun.Of(
            "bench", "--loader", "--data", folder.File("data"), "--samples", "4", "--batch", "2", "--size", "32x48", "--workers", "1",
            "--set", $"train.fast_decode={(fast ? "true" : "false")}", "--quiet", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.True(run.Json.GetProperty("samples_per_second").GetDouble() > 0);
        Assert.True(run.Json.GetProperty("samples_per_second_cached").GetDouble() > 0);
        Assert.True(run.Json.GetProperty("cpu_ms_per_sample").GetDouble() >= 0);
        Assert.Equal(
            ["decode_image", "decode_label", "draw", "resize", "photometric", "normalize"],
            run.Json.GetProperty("steps_ms").EnumerateObject().Select(step => step.Name));

        CommandRun small = CommandRun.Of("bench", "--loader", "--data", folder.File("data"), "--samples", "2", "--batch", "2", "--size", "32x48", "--set", "train.cache=0", "--json");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, small.Json.GetProperty("samples_per_second_cached").ValueKind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DemoRecipe_Settings_MakeAConfiguration(bool quick)
    {
        DemoRecipe recipe = quick ? DemoRecipe.Quick : DemoRecipe.Full;
        RunConfig config = RunConfig.FromOptions("data", "t", recipe.Settings(2));
        Assert.Equal((recipe.Iterations, 2), (config.Train.Iterations, config.Threads));

        // The last iteration is evaluated whatever the interval; one before it shows that the masks get better.
        Assert.InRange(config.Eval.Interval, 1, recipe.Iterations - 1);
        Assert.True(config.Train.Crop.Width <= DemoRecipe.Width && config.Train.Crop.Height <= DemoRecipe.Height);
        Assert.True(recipe.ValPictures >= DemoRecipe.Overlays);
    }

    [SkippableFact]
    public void Demo_IntoAFile_IsRefused()
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        string file = Path.GetTempFileName();
        try
        {
            CommandRun.Of("demo", "--quiet", "--out", file).ShouldBeRefused(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
