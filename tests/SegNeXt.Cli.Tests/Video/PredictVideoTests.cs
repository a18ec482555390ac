using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

/// <summary>Videos from end to end, made by ffmpeg's own test pictures.</summary>
public sealed class PredictVideoTests : IDisposable
{
    private const string Source = "-f lavfi -i testsrc2=size=96x64:rate=25:duration=1";
    private readonly TemporaryFolder _folder = new();
    private readonly string _weights = TestPaths.RequireGolden("nano.safetensors");

    public PredictVideoTests() => FfmpegProgram.Require();

    private string Out => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Predict_VideoWithSound_GivesAVideoOfTheSameSizeRateLengthAndSound()
    {
        string clip = FfmpegProgram.Make(_folder.File("clip.mp4"), $"{Source} -f lavfi -i sine=duration=1 -c:a aac -pix_fmt yuv420p");
        CommandRun run = Predict(clip);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Output));
        Assert.Matches(@"clip\.mp4: 25 frames, [0-9.]+ frames a second\n", run.Error);
        Assert.Equal(["clip_overlay.mp4"], Names());
        Assert.Equal(FfmpegProgram.Probe(clip, "codec_name,width,height,avg_frame_rate,nb_read_frames"), FfmpegProgram.Probe(Result("clip_overlay.mp4"), "codec_name,width,height,avg_frame_rate,nb_read_frames"));
    }

    [SkippableFact]
    public void Predict_Frames_AreThoseOfThePictures()
    {
        string clip = FfmpegProgram.Make(_folder.File("clip.mkv"), $"{Source} -c:v ffv1 -pix_fmt bgr0");
        Directory.CreateDirectory(_folder.File("pictures"));
        FfmpegProgram.Make(_folder.File("pictures", "%06d.png"), $"-i {clip}");
        Assert.Equal(ExitCode.Done, Predict("--frames", clip).Code);
        Assert.Equal(["clip"], Names());
        Assert.Equal(ExitCode.Done, CommandRun.Of("predict", "--weights", _weights, "--out", _folder.File("single"), _folder.File("pictures")).Code);
        string[] expected = [.. Directory.GetFiles(_folder.File("single")).Order(StringComparer.Ordinal)];
        Assert.Equal(25, expected.Length);
        Assert.Equal(expected.Select(Path.GetFileName), Directory.GetFiles(Result("clip")).Order(StringComparer.Ordinal).Select(Path.GetFileName));
        Assert.All(expected, file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(Result("clip"), Path.GetFileName(file)))));
    }

    // Odd sides; a rotation that the file asks players for; a rate that is a fraction; sound that an MP4 file does not take.
    [SkippableTheory]
    [InlineData("odd.mkv", Source + " -vf scale=97:65 -c:v ffv1 -pix_fmt yuv444p", "98,66,25/1,25", 97, 65)]
    [InlineData("fraction.mp4", "-f lavfi -i testsrc2=size=96x64:rate=30000/1001:duration=1", "96,64,30000/1001,30", 96, 64)]
    [InlineData("sound.avi", Source + " -f lavfi -i sine=duration=1 -c:v ffv1 -c:a pcm_s16le", "96,64,25/1,25", 96, 64)]
    public void Predict_UnusualVideos_ComeOutRight(string name, string words, string expected, int width, int height)
    {
        string clip = FfmpegProgram.Make(_folder.File(name), words);
        CommandRun run = Predict("--frames", "--overlay", clip);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        string stem = Path.GetFileNameWithoutExtension(name);
        Assert.Equal(expected, FfmpegProgram.Probe(Result($"{stem}_overlay.mp4"), "width,height,avg_frame_rate,nb_read_frames")[0]);
        LabelMap ids = ImageFile.ReadLabel(Path.Combine(Result(stem), "000001.png"));
        Assert.Equal((width, height), (ids.Width, ids.Height));
    }

    [SkippableFact]
    public void Predict_RotatedVideo_IsSegmentedUpright()
    {
        string clip = FfmpegProgram.Make(_folder.File("clip.mp4"), $"{Source} -pix_fmt yuv420p");
        string turned = FfmpegProgram.Make(_folder.File("turned.mp4"), $"-i {clip} -c copy -metadata:s:v rotate=90");
        Skip.IfNot(
            FfmpegProgram.Probe(turned, "width:stream_side_data=rotation")[0].EndsWith("90", StringComparison.Ordinal),
            "skipped: this ffmpeg takes a rotation by another option");
        Assert.Equal(ExitCode.Done, Predict(turned).Code);
        Assert.Equal("64,96,25", FfmpegProgram.Probe(Result("turned_overlay.mp4"), "width,height,nb_read_frames")[0]);
    }

    // At 30 pictures a second the 40 pictures of these two seconds would pass in 1.3.
    [SkippableFact]
    public void Predict_VariableRate_KeepsTheLength()
    {
        string clip = FfmpegProgram.Make(_folder.File("clip.mp4"), "-f lavfi -i testsrc2=size=96x64:rate=30:duration=2 -vf select='lt(n,30)+not(mod(n,3))' -fps_mode vfr -pix_fmt yuv420p");
        Assert.Equal(ExitCode.Done, Predict(clip).Code);
        double before = double.Parse(FfmpegProgram.Probe(clip, "duration")[0]), after = double.Parse(FfmpegProgram.Probe(Result("clip_overlay.mp4"), "duration")[0]);
        Assert.InRange(after - before, -0.25, 0.25);
    }

    [SkippableFact]
    public void Predict_TruncatedVideo_SegmentsWhatIsThereAndAnswersOne()
    {
        byte[] whole = File.ReadAllBytes(FfmpegProgram.Make(_folder.File("whole.mkv"), $"{Source} -c:v ffv1"));
        File.WriteAllBytes(_folder.File("clip.mkv"), whole[..(whole.Length / 2)]);
        CommandRun run = Predict("--quiet", _folder.File("clip.mkv"));
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        Assert.Matches(@"^segnext: .*clip\.mkv is damaged or incomplete.*: 1[0-9] of its 25 frames could be decoded, and those are segmented\.\n$", run.Error);
        Assert.InRange(int.Parse(FfmpegProgram.Probe(Result("clip_overlay.mp4"), "nb_read_frames")[0]), 10, 19);
    }

    [SkippableFact]
    public void Predict_NoVideo_IsNamedAndLeavesNothing()
    {
        File.WriteAllText(_folder.File("text.mp4"), "text");
        File.WriteAllText(_folder.File("empty.mp4"), "");
        string sound = FfmpegProgram.Make(_folder.File("sound.mp4"), "-f lavfi -i sine=duration=1 -c:a aac");
        CommandRun run = Predict("--quiet", _folder.File("text.mp4"), _folder.File("empty.mp4"), sound, _folder.File("missing.mp4"));
        Assert.Equal(ExitCode.SomeFailed, run.Code);
        string[] lines = run.Error.TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Contains("missing.mp4: there is no such file", lines[0], StringComparison.Ordinal);
        Assert.Contains("text.mp4: this is no video that ffmpeg can open", lines[1], StringComparison.Ordinal);
        Assert.Contains("empty.mp4: the file is empty", lines[2], StringComparison.Ordinal);
        Assert.Contains("sound.mp4: there is no video in it", lines[3], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Out));
    }

    [SkippableTheory]
    [InlineData("--probabilities")]
    [InlineData("--save-logits")]
    public void Predict_ScoresOfAVideo_AreRefused(string option)
    {
        File.WriteAllText(_folder.File("clip.mp4"), "text");
        Predict(option, _folder.File("clip.mp4")).ShouldBeRefused("clip.mp4 is a video");
    }

    [SkippableFact]
    public void Run_FileInterrupted_LeavesNoVideo()
    {
        string clip = FfmpegProgram.Make(_folder.File("clip.mkv"), $"{Source} -c:v ffv1");
        using CancellationTokenSource source = new();
        using CancellingSegmenter network = new(after: 5, source);
        Assert.ThrowsAny<OperationCanceledException>(() => Run(network, VideoInput.File(clip), source.Token));
        Assert.Empty(Directory.GetFileSystemEntries(Out));
    }

    [SkippableFact]
    public void Run_CameraInterrupted_CompletesTheVideo()
    {
        using CancellationTokenSource source = new();
        using CancellingSegmenter network = new(after: 5, source);
        Assert.ThrowsAny<OperationCanceledException>(() => Run(network, VideoInput.Source("testsrc2=size=96x64:rate=25,realtime", "lavfi"), source.Token));
        string video = Assert.Single(Directory.GetFiles(Out));
        Assert.True(int.Parse(FfmpegProgram.Probe(video, "nb_read_frames")[0]) >= 5);
    }

    [SkippableFact]
    public void Run_VideoThatCannotBeWritten_SaysWhy()
    {
        string clip = FfmpegProgram.Make(_folder.File("clip.mkv"), $"{Source} -c:v ffv1");
        Directory.CreateDirectory(Path.Combine(Out, "clip_overlay.mp4"));
        using StripeSegmenter network = new(3);
        string said = Run(network, VideoInput.File(clip), CancellationToken.None);
        Assert.Contains("clip_overlay.mp4", said, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(Out));
    }

    [SkippableFact]
    public void Run_NoFfmpeg_SaysWhatBringsIt()
    {
        File.WriteAllText(_folder.File("clip.mkv"), "text");
        using StripeSegmenter network = new(3);
        string said = Run(network, VideoInput.File(_folder.File("clip.mkv")), CancellationToken.None, _folder.File("ffmpeg"));
        Assert.Equal("segnext: Videos and cameras need the program ffprobe, which cannot be started on this machine; on Debian and Ubuntu `apt install ffmpeg` brings it.\n", said);
    }

    private CommandRun Predict(params string[] more) => CommandRun.Of(["predict", "--weights", _weights, "--out", Out, .. more]);

    private string Run(ISegmenter network, VideoInput input, CancellationToken cancellation, string ffmpeg = "ffmpeg")
    {
        Directory.CreateDirectory(Out);
        using StringWriter error = new();
        ClassSet classes = ClassSet.Default(network.Config.NumClasses);
        VideoRunner runner = new(new TestTimeSegmenter(network, new TestOptions()), classes, IdFormat.Get("ids"), ffmpeg, new Terminal(TextWriter.Null, error, false, false, cancellation));
        runner.Run(VideoPlan.Create([input], Out, overlay: true, frames: false));
        return error.ToString();
    }

    private string Result(string name) => Path.Combine(Out, name);

    private string[] Names() => [.. Directory.GetFileSystemEntries(Out).Select(file => Path.GetFileName(file)!)];

    /// <summary>Signals Ctrl-C after some pictures.</summary>
    private sealed class CancellingSegmenter(int after, CancellationTokenSource source) : ISegmenter
    {
        private readonly StripeSegmenter _inner = new(3);
        private int _runs;

        public ModelConfig Config => _inner.Config;

        public LogitMap Forward(RgbImage image) => _inner.Forward(image);

        public LabelMap Segment(RgbImage image)
        {
            if (++_runs == after)
            {
                source.Cancel();
            }

            return _inner.Segment(image);
        }

        public void Dispose() => _inner.Dispose();
    }
}
