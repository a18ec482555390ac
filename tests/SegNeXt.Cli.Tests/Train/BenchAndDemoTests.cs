using System.Text.Json;
using SegNeXt.Core;
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

    [SkippableTheory]
    [InlineData("managed")]
    [InlineData("torch")]
    public void Bench_Network_GivesTheFiguresOfTheContract(string engine)
    {
        Skip.If(engine == "torch" && !TorchRuntime.IsAvailable(out _), "there is no libtorch here");
        CommandRun run = CommandRun.Of("bench", "--model", "t", "--classes", "3", "--size", "40x56", "--runs", "3", "--threads", "1", "--engine", engine, "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("loaded 550 of 550 tensors", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["network", "end_to_end", "images_per_second", "peak_memory_mb", "fma_peak_gflops", "floor_ms", "share_of_peak"],
            run.Json.EnumerateObject().Select(property => property.Name));
        double network = Median(run, "network"), whole = Median(run, "end_to_end"), peak = Number(run, "fma_peak_gflops");
        Assert.True(network > 0 && whole > 0 && peak > 0.1);
        Assert.Equal(1e3 / whole, Number(run, "images_per_second"), 1e-6);
        Assert.True(Number(run, "peak_memory_mb") > 20);

        double floor = 2 * ModelComplexity.Count(ModelConfig.Preset("t", 3), 40, 56).ProductMultiplyAdds / (peak * 1e9) * 1e3;
        Assert.Equal(floor, Number(run, "floor_ms"), floor * 1e-9);
        Assert.Equal(floor / network, Number(run, "share_of_peak"), 1e-9);

        static double Number(CommandRun run, string name) => run.Json.GetProperty(name).GetDouble();

        static double Median(CommandRun run, string name)
        {
            double median = run.Json.GetProperty(name).GetProperty("median_ms").GetDouble();
            Assert.True(run.Json.GetProperty(name).GetProperty("p95_ms").GetDouble() >= median);
            return median;
        }
    }

    [Fact]
    public void Bench_Sweep_TimesEveryFormatOfTheDevice()
    {
        CommandRun run = CommandRun.Of("bench", "--sweep", "--classes", "3", "--size", "40x56", "--runs", "1", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonElement[] runs = [.. run.Json.GetProperty("runs").EnumerateArray()];
        Assert.Equal(["fp32", "bf16"], runs.Select(each => each.GetProperty("precision").GetString()));
        Assert.All(runs, each => Assert.True(each.GetProperty("network_images_per_second").GetDouble() > 0 && !each.GetProperty("cuda_graph").GetBoolean()));
        Assert.Equal(("40x56", "cpu"), (run.Json.GetProperty("size").GetString(), run.Json.GetProperty("device").GetString()));
    }

    [SkippableFact]
    public void Bench_Weights_TimesTheFilesModel()
    {
        CommandRun run = CommandRun.Of("bench", "--weights", TestPaths.RequireGolden("nano.safetensors"), "--size", "1x9", "--runs", "1", "--quiet");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.StartsWith("SegNeXt of its own sizes, 7 classes, 1x9\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--train or --loader", "--train", "--loader")]
    [InlineData("bench --train", "--steps", "3")]
    [InlineData("bench --train and bench --loader", "--batch", "3")]
    [InlineData("without --train and --loader", "--train", "--engine", "torch")]
    [InlineData("without --train and --loader", "--loader", "--runs", "3")]
    [InlineData("--model and --weights exclude each other", "--model", "t", "--weights", "w.safetensors")]
    [InlineData("--device cuda needs --engine torch", "--engine", "managed", "--device", "cuda")]
    [InlineData("--precision fp16 is for a GPU", "--precision", "fp16")]
    [InlineData("CUDA graphs are a GPU's", "--engine", "torch", "--cuda-graph")]
    [InlineData("without --precision and --cuda-graph", "--sweep", "--precision", "bf16")]
    [InlineData("managed engine computes in fp32 alone", "--sweep", "--engine", "managed")]
    [InlineData("--precision fp16 is for a GPU", "--train", "--precision", "fp16")]
    [InlineData("too large", "--size", "65536x65536")]
    public void Bench_OptionsThatContradict_AreRefused(string expected, params string[] options) =>
        CommandRun.Of(["bench", .. options]).ShouldBeRefused(expected);

    [Fact]
    public void Bench_OptionsOfTheLoader_BelongToIt()
    {
        CommandRun.Of("bench", "--workers", "2").ShouldBeRefused("bench --loader");
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
