using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;
using SegNeXt.Training;
using SegNeXt.Training.Tests;

namespace SegNeXt.Cli.Tests;

public sealed class TrainCommandTests : IClassFixture<TrainedRun>, IDisposable
{
    private static readonly string[] s_contract = ["config.yaml", "log.jsonl", "last", "best.safetensors", "report.html"];

    private readonly TrainedRun _trained;
    private readonly TemporaryFolder _folder = new();

    public TrainCommandTests(TrainedRun trained) => _trained = trained;

    private string Data => _folder.File("data");

    private string Out => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Train_SmallDataSet_WritesTheFilesOfTheContractAndSaysWhere()
    {
        CommandRun run = _trained.Run;
        Assert.Equal(ExitCode.Done, run.Code);
        string[] names = [.. Directory.EnumerateFileSystemEntries(_trained.Folder).Select(entry => Path.GetFileName(entry)!)];
        Assert.All(s_contract, name => Assert.Contains(name, names));
        Assert.Contains(names, name => name.StartsWith("events.out.tfevents.", StringComparison.Ordinal));
        Assert.Contains("iteration 3/3: loss ", run.Error, StringComparison.Ordinal);
        Assert.Contains("iteration 3: mIoU ", run.Error, StringComparison.Ordinal);
        Assert.Contains("3 of 3 iterations", run.Output, StringComparison.Ordinal);
        Assert.Contains(_trained.Weights, run.Output, StringComparison.Ordinal);
        Assert.Contains("middle", run.Output, StringComparison.Ordinal);

        // What was resolved is a configuration that trains the same again.
        RunConfig config = RunConfig.Load(Path.Combine(_trained.Folder, "config.yaml"), []);
        Assert.Equal(RunConfig.FromOptions(_trained.Data, "t", TrainedRun.Quick), config);
    }

    [SkippableFact]
    public void Train_IntoAFolderWithARun_IsRefusedAndChangesNothing()
    {
        Assert.Equal(ExitCode.Done, _trained.Run.Code);
        byte[] log = File.ReadAllBytes(Path.Combine(_trained.Folder, "log.jsonl"));
        TrainedRun.Train(_trained.Data, _trained.Folder).ShouldBeRefused(_trained.Folder, "holds a run already", "--resume");
        Assert.Equal(log, File.ReadAllBytes(Path.Combine(_trained.Folder, "log.jsonl")));
    }

    [SkippableFact]
    public void Train_IntoAFolderWhereAnotherTrains_IsRefusedAndChangesNothing()
    {
        Assert.Equal(ExitCode.Done, _trained.Run.Code);
        byte[] log = File.ReadAllBytes(Path.Combine(_trained.Folder, "log.jsonl"));
        using (RunHold.Of(new RunFolder(_trained.Folder)))
        {
            CommandRun.Of(["train", "--out", _trained.Folder, "--resume", .. TrainedRun.Sets("train.iterations=4")])
                .ShouldBeRefused(_trained.Folder, "another process is training");
        }

        Assert.Equal(log, File.ReadAllBytes(Path.Combine(_trained.Folder, "log.jsonl")));
    }

    [SkippableFact]
    public void Train_Interrupted_SavesAndResumesFromItsFolderAlone()
    {
        RequireTorch();
        SmallDataSet.Write(Data);
        using CancellationTokenSource stop = new();
        stop.Cancel();
        CommandRun interrupted = CommandRun.Of(stop.Token, ["train", "--data", Data, "--out", Out, .. TrainedRun.Sets(TrainedRun.Quick)]);
        Assert.Equal(ExitCode.Interrupted, interrupted.Code);
        Assert.Contains("segnext: interrupted", interrupted.Error, StringComparison.Ordinal);
        Assert.True(new CheckpointStore(Out).Exists);

        CommandRun resumed = CommandRun.Of("train", "--out", Out, "--resume");
        Assert.Equal(ExitCode.Done, resumed.Code);
        Assert.Contains("Resuming from iteration 0 of 3", resumed.Error, StringComparison.Ordinal);

        CommandRun longer = CommandRun.Of(["train", "--out", Out, "--resume", "--quiet", .. TrainedRun.Sets("train.iterations=4")]);
        Assert.Equal((ExitCode.Done, ""), (longer.Code, longer.Error));
        Assert.Contains("4 of 4 iterations", longer.Output, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4], RunLog.Read(Path.Combine(Out, "log.jsonl")).Where(entry => !entry.IsEvaluation).Select(entry => entry.Iteration));
    }

    [SkippableFact]
    public void Train_BadLabelAmongTheValidationImages_IsRefusedBeforeTheFirstIteration()
    {
        RequireTorch();
        SmallDataSet.Write(Data);
        string label = Path.Combine(Data, "labels", "val", "001.png");
        LabelMap map = ImageFile.ReadLabel(label);
        map.Ids[72 + 5] = 37;
        PngWriter.WriteLabel(label, map);
        TrainedRun.Train(Data, Out).ShouldBeRefused(label, "pixel (5, 1) has the value 37", "3 classes");
        Assert.False(Directory.Exists(Out));
    }

    [SkippableFact]
    public void Train_DamagedImageInTheMiddle_SavesWhatIsTrainedAndResumesWhenItIsMended()
    {
        RequireTorch();
        SmallDataSet.Write(Data, train: 6);
        string image = Path.Combine(Data, "images", "train", "004.png");
        byte[] whole = File.ReadAllBytes(image);
        File.WriteAllBytes(image, whole[..(whole.Length / 2)]);
        string[] one = ["--set", "train.batch=1", "--set", "train.norm_eval=true", "--set", "train.iterations=6"];
        CommandRun run = TrainedRun.Train(Data, Out, [.. one, "--quiet"]);
        run.ShouldBeRefused(image);

        // Where the damaged one comes in the epoch depends on the seed; in its first place there is nothing to save.
        if (new CheckpointStore(Out).Exists)
        {
            Assert.Contains("--resume goes on from it", run.Error, StringComparison.Ordinal);
        }

        File.WriteAllBytes(image, whole);
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", "--out", Out, "--resume").Code);
        Assert.Equal(Enumerable.Range(1, 6), RunLog.Read(Path.Combine(Out, "log.jsonl")).Where(entry => !entry.IsEvaluation).Select(entry => entry.Iteration));
    }

    [SkippableTheory]
    [InlineData("unknown key 'train.iteratons'; did you mean 'train.iterations'?", "--set", "train.iteratons=5")]
    [InlineData("'train.lr'", "--set", "train.lr=fast")]
    [InlineData("expected key=value", "--set", "train.lr")]
    [InlineData("--model is 'x'", "--model", "x")]
    [InlineData("there is no such folder", "--set", "data.root=nowhere")]
    [InlineData("There is no device 'gpu'", "--device", "gpu")]
    [InlineData("model.classes is 5", "--set", "model.classes=5")]
    [InlineData("nothing.safetensors", "--init", "nothing.safetensors")]
    [InlineData("loader threads must be 0 to 1024", "--set", "train.workers=100000")]
    [InlineData("1000000 threads were asked for", "--set", "threads=1000000")]
    [InlineData("are available: make train.batch smaller", "--set", "train.batch=100000000")]
    public void Train_WithASettingThatDoesNotFit_IsRefusedAndLeavesNothing(string expected, params string[] options)
    {
        RequireTorch();
        SmallDataSet.Write(Data);
        TrainedRun.Train(Data, Out, options).ShouldBeRefused(expected);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void Train_ConfigWithAnUnknownKey_IsRefusedWithFileLineAndTheNearestKey()
    {
        string config = _folder.File("c.yaml");
        File.WriteAllText(config, "data:\n  root: nowhere\ntrain:\n  batsch: 2\n");
        CommandRun.Of("train", config, "--out", Out).ShouldBeRefused("c.yaml:4", "unknown key 'train.batsch'", "did you mean 'train.batch'?");
        Assert.False(Directory.Exists(Out));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("eval", "--weights", "w.safetensors", "--config")]
    public void ConfigWhoseDataIsElsewhere_IsRefusedWithTheKeyToSet(params string[] command)
    {
        string config = Path.Combine(TestPaths.Repository, "configs", "ade20k-t.yaml");
        CommandRun.Of([.. command, config]).ShouldBeRefused("data/ADEChallengeData2016: there is no such folder", "--set data.root=DIR");
    }

    [Theory]
    [InlineData("Nothing to train")]
    [InlineData("not both", "c.yaml", "--data", "d")]
    [InlineData("--model goes with --data", "c.yaml", "--model", "s")]
    [InlineData("--model goes with --data", "--model", "s")]
    [InlineData("no run to resume", "--resume", "--out", "/nowhere/at/all")]
    public void Train_OptionsThatContradict_AreRefused(string expected, params string[] line) =>
        CommandRun.Of(["train", .. line]).ShouldBeRefused(expected);

    [SkippableFact]
    public void Train_IntoAFile_IsRefused()
    {
        RequireTorch();
        SmallDataSet.Write(Data);
        File.WriteAllText(Out, "in the way");
        TrainedRun.Train(Data, Path.Combine(Out, "deeper")).ShouldBeRefused($"{Out} is a file");
        Assert.Equal("in the way", File.ReadAllText(Out));
    }

    private static void RequireTorch() => Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
}
