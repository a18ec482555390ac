using SegNeXt.Core;
using SegNeXt.TestUtilities;
using static SegNeXt.Training.Tests.ShortRun;

namespace SegNeXt.Training.Tests;

/// <summary>Two checkpoints of one run, after iterations 4 and 6, for tests that damage copies of them.</summary>
public sealed class TwoCheckpoints : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TwoCheckpoints()
    {
        SmallDataSet.Write(_folder.File("data"));
        Train(_folder, "run", new Recorder(), "eval.interval=6");
    }

    /// <summary>The end of the run without a fault.</summary>
    internal byte[] Weights => ShortRun.Weights(_folder.File("run", "last", "model.safetensors"));

    public void Dispose() => _folder.Dispose();

    /// <summary>Copies data and run into another folder.</summary>
    internal void CopyTo(TemporaryFolder other)
    {
        foreach (string file in Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(other.Path, Path.GetRelativePath(_folder.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}

public sealed class CheckpointTests(TwoCheckpoints two) : IClassFixture<TwoCheckpoints>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model.safetensors", "flip", "model.safetensors is not what was written")]
    [InlineData("optimizer.safetensors", "cut", "optimizer.safetensors is not what was written")]
    [InlineData("model.safetensors", "delete", "model.safetensors is missing")]
    [InlineData("config.yaml", "empty", "config.yaml is not what was written")]
    [InlineData("SHA256SUMS", "cut", "SHA256SUMS is damaged")]
    [InlineData("SHA256SUMS", "empty", "model.safetensors is missing")]
    public void Open_NewestDamaged_WarnsAndGivesTheOneBefore(string file, string damage, string said)
    {
        two.CopyTo(_folder);
        Damage(_folder.File("run", "last", file), damage);
        List<string> warnings = [];
        StoredCheckpoint found = new CheckpointStore(_folder.File("run")).Open(warnings.Add);
        Assert.Equal(4, found.State.Iteration);
        string warning = Assert.Single(warnings);
        Assert.Contains($"damaged ({_folder.File("run", "last")}: {said})", warning, StringComparison.Ordinal);
        Assert.Contains("last.previous", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_NewestDamaged_EndsAsTheRunWithoutFault()
    {
        two.CopyTo(_folder);
        Damage(_folder.File("run", "last", "model.safetensors"), "flip");
        Recorder progress = new();
        Train(_folder, "run", progress, true, ["eval.interval=6"], default);
        Assert.Single(progress.Messages, message => message.Contains("is damaged (", StringComparison.Ordinal));
        Assert.Equal([5, 6], progress.Iterations);
        Assert.Equal(two.Weights, Weights(_folder.File("run", "last", "model.safetensors")));

        // The good one was not given up for the damaged one.
        Assert.Equal(4, StoredCheckpoint.Open(_folder.File("run", "last.previous")).State.Iteration);
    }

    [Fact]
    public void Resume_BothDamaged_IsRefusedInOneSentence()
    {
        two.CopyTo(_folder);
        Damage(_folder.File("run", "last", "model.safetensors"), "flip");
        Damage(_folder.File("run", "last.previous", "optimizer.safetensors"), "cut");
        InputException error = Assert.Throws<InputException>(() => Train(_folder, "run", new Recorder(), true, [], default));
        Assert.Contains("no checkpoint can be resumed from", error.Message, StringComparison.Ordinal);
        Assert.Contains("model.safetensors is not what was written", error.Message, StringComparison.Ordinal);
        Assert.Contains("optimizer.safetensors is not what was written", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("model.size=s", "SegNeXt-T", "SegNeXt-S")]
    [InlineData("model.decoder=nl", "SegNeXt-T", "SegNeXt-T, decoder nl")]
    [InlineData("model.gating=false", "SegNeXt-T", "SegNeXt-T, MSCA without the attention product")]
    public void Resume_OtherModel_IsRefusedInOneShortSentence(string set, string found, string expected)
    {
        two.CopyTo(_folder);
        InputException error = Assert.Throws<InputException>(() => Train(_folder, "run", new Recorder(), true, [set], default));
        Assert.Contains($"a checkpoint of {found}, but this run is configured for {expected}", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 300 && !error.Message.Contains('\n', StringComparison.Ordinal), error.Message);
    }

    [Fact]
    public void Resume_OtherClasses_IsRefusedInOneShortSentence()
    {
        two.CopyTo(_folder);
        File.WriteAllText(_folder.File("data", "classes.txt"), "left\nmiddle\nright\nnowhere\n");
        InputException error = Assert.Throws<InputException>(() => Train(_folder, "run", new Recorder(), true, [], default));
        Assert.Contains("a model with 3 classes, but this run has 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OtherOptimizer_IsRefusedInOneSentence()
    {
        two.CopyTo(_folder);
        InputException error = Assert.Throws<InputException>(() => Train(_folder, "run", new Recorder(), true, ["train.optimizer=muon"], default));
        string file = _folder.File("run", "last", "optimizer.safetensors");
        Assert.Equal($"{file} is the state of train.optimizer adamw, but this run has muon; resume it with train.optimizer=adamw, or begin another run with another --out.", error.Message);
        Train(_folder, "other", new Recorder(), "train.optimizer=muon", "train.iterations=2");
        error = Assert.Throws<InputException>(() => Train(_folder, "other", new Recorder(), true, [], default));
        Assert.Contains("is the state of train.optimizer muon, but this run has adamw; ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OtherLengthAndRate_IsDoneAndSaid()
    {
        two.CopyTo(_folder);
        Recorder progress = new();
        TrainingSummary summary = Train(_folder, "run", progress, true, ["eval.interval=6", "train.iterations=7", "train.lr=5e-4"], default);
        Assert.Equal(7, summary.Iterations);
        string said = Assert.Single(progress.Messages, message => message.StartsWith("Changed since the checkpoint: ", StringComparison.Ordinal));
        Assert.EndsWith("train.iterations 6 → 7, train.lr 0.001 → 0.0005.", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_WithAnAverageFromHereOn_StartsItWithTheWeightsOfTheCheckpoint()
    {
        two.CopyTo(_folder);
        Train(_folder, "run", new Recorder(), true, ["eval.interval=7", "train.iterations=7", "train.ema=0.5"], default);
        StoredCheckpoint last = StoredCheckpoint.Open(_folder.File("run", "last"));
        Assert.Equal(1, last.State.AverageUpdates);
        Assert.NotEqual(Weights(_folder.File("run", "last", "model.safetensors")), Weights(_folder.File("run", "last", "ema.safetensors")));
    }

    [Fact]
    public void Resume_Finished_SaysSoAndChangesNothing()
    {
        two.CopyTo(_folder);
        byte[] log = File.ReadAllBytes(_folder.File("run", "log.jsonl"));
        int events = Directory.GetFiles(_folder.File("run"), "events*").Length;
        Recorder progress = new();
        TrainingSummary summary = Train(_folder, "run", progress, true, ["eval.interval=6"], default);
        Assert.Equal(6, summary.Iterations);
        Assert.Contains("The run is finished: 6 of 6 iterations are done.", progress.Messages);
        Assert.Equal(log, File.ReadAllBytes(_folder.File("run", "log.jsonl")));
        Assert.Equal(events, Directory.GetFiles(_folder.File("run"), "events*").Length);
    }

    [Fact]
    public void Resume_KilledBeforeTheBestWeightsWereWritten_WritesThemFromTheCheckpoint()
    {
        two.CopyTo(_folder);
        byte[] best = Weights(_folder.File("run", "best.safetensors"));
        File.Delete(_folder.File("run", "best.safetensors"));
        Train(_folder, "run", new Recorder(), true, ["eval.interval=6"], default);
        Assert.Equal(best, Weights(_folder.File("run", "best.safetensors")));
    }

    [Fact]
    public void Resume_CheckpointOfVersion01_GoesOn()
    {
        two.CopyTo(_folder);
        foreach (string name in new[] { "SHA256SUMS", "config.yaml" })
        {
            File.Delete(_folder.File("run", "last", name));
        }

        Recorder progress = new();
        Train(_folder, "run", progress, true, ["eval.interval=6", "train.iterations=7"], default);
        Assert.Equal([7], progress.Iterations);
    }

    [Fact]
    public void Checkpoint_Sums_AreThoseOfSha256sum()
    {
        two.CopyTo(_folder);
        string folder = _folder.File("run", "last");
        string[] lines = File.ReadAllLines(Path.Combine(folder, "SHA256SUMS"));
        Assert.Equal(["config.yaml", "model.safetensors", "optimizer.safetensors"], lines.Select(line => line[66..]));
        Assert.All(lines, line => Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, line[66..])))), line[..64]));
    }

    private static void Damage(string path, string how)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (how)
        {
            case "flip":
                bytes[bytes.Length * 2 / 3] ^= 4;
                File.WriteAllBytes(path, bytes);
                break;
            case "cut":
                File.WriteAllBytes(path, bytes[..(bytes.Length - 40)]);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            default:
                File.Delete(path);
                break;
        }
    }
}
