using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

public sealed class PredictRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Run_WritesIdsAtThePicturesSize()
    {
        Picture("left.png", 40, 24, red: 0);
        Picture("right.jpg", 17, 9, red: 255);
        Assert.Equal(0, Run(PredictFiles.None, _folder.File("left.png"), _folder.File("right.jpg")));
        LabelMap left = ImageFile.ReadLabel(Out("left.png"));
        LabelMap right = ImageFile.ReadLabel(Out("right.png"));
        Assert.Equal((40, 24), (left.Width, left.Height));
        Assert.All(left.Ids, id => Assert.Equal(0, id));
        Assert.Equal((17, 9), (right.Width, right.Height));
        Assert.All(right.Ids, id => Assert.Equal(1, id));
    }

    [Fact]
    public void Run_AllOutputs_AreWrittenAndAgree()
    {
        Picture("a.png", 16, 8, red: 255);
        Assert.Equal(0, Run(PredictFiles.Overlay | PredictFiles.Probabilities | PredictFiles.Logits, _folder.File("a.png")));
        RgbImage overlay = ImageFile.ReadRgb(Out("a_overlay.png"));
        Assert.True(overlay.Width >= 16 && overlay.Height >= 8 && overlay.Pixels.Length > 16 * 8 * 3, "The legend stands beside the picture or below it.");

        float[] probabilities = Npy(Out("a_probabilities.npy"), 3 * 8 * 16);
        float[] logits = Npy(Out("a_logits.npy"), 3 * 8 * 16);
        double sum = Math.Exp(1) + Math.Exp(3) + Math.Exp(0);
        Assert.Equal(1f, logits[0], 1e-6f);
        Assert.Equal(3f, logits[128], 1e-6f);
        Assert.Equal(Math.Exp(1) / sum, probabilities[0], 1e-6);
        Assert.Equal(Math.Exp(3) / sum, probabilities[128], 1e-6);
        Assert.Equal(4, Directory.GetFileSystemEntries(_folder.File("out")).Length);
    }

    [Fact]
    public void Run_DamagedPictureAmongOthers_IsNamedAndTheOthersAreDone()
    {
        Picture("a.png", 8, 8, red: 0);
        File.WriteAllText(_folder.File("b.jpg"), "this is no picture");
        Picture("c.png", 8, 8, red: 255);
        Assert.Equal(1, Run(PredictFiles.Overlay, _folder.File("a.png"), _folder.File("b.jpg"), _folder.File("c.png")));
        Assert.Contains("b.jpg", _error.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Out("a.png")) && File.Exists(Out("c.png")));
        Assert.Equal(4, Directory.GetFileSystemEntries(_folder.File("out")).Length);
    }

    [Fact]
    public void Run_FaultsInReadingNetworkAndWriting_AreToldInThePicturesOrder()
    {
        Picture("a.png", 8, 8, red: 0);
        Directory.CreateDirectory(Out("a.png"));
        File.WriteAllText(_folder.File("b.jpg"), "this is no picture");
        Picture("c.png", 33, 8, red: 0);
        Picture("d.png", 8, 8, red: 0);
        Directory.CreateDirectory(Out("d.png"));
        Picture("e.png", 8, 8, red: 0);
        using StripeSegmenter network = new(3) { FailingWidth = 33, FailingMessage = "no" };
        Assert.Equal(4, Run(network, PredictFiles.None, "ids", [.. "abcde".Select(letter => _folder.File(letter == 'b' ? "b.jpg" : $"{letter}.png"))]));
        string[] lines = _error.ToString().TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Contains(Out("a.png"), lines[0], StringComparison.Ordinal);
        Assert.Contains("b.jpg", lines[1], StringComparison.Ordinal);
        Assert.Contains(_folder.File("c.png"), lines[2], StringComparison.Ordinal);
        Assert.Contains(Out("d.png"), lines[3], StringComparison.Ordinal);
        Assert.True(File.Exists(Out("e.png")));
    }

    [Fact]
    public void Run_InterruptedInTheSecondPicture_KeepsTheFirst()
    {
        Picture("a.png", 64, 48, red: 0);
        Picture("b.png", 33, 8, red: 0);
        using CancellationTokenSource source = new();
        using StripeSegmenter network = new(3) { FailingWidth = 33, Failing = () => { source.Cancel(); source.Token.ThrowIfCancellationRequested(); } };
        Assert.Throws<OperationCanceledException>(() => Run(network, PredictFiles.Overlay, "ids", [_folder.File("a.png"), _folder.File("b.png")], source.Token));
        Assert.Equal([Out("a.png"), Out("a_overlay.png")], Directory.GetFiles(_folder.File("out")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Run_Interrupted_StopsBeforeTheNextPicture()
    {
        Picture("a.png", 8, 8, red: 0);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Run(PredictFiles.None, "ids", 3, [_folder.File("a.png")], source.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("out")));
    }

    [Theory]
    [InlineData("cityscapes", 19, 8)]
    [InlineData("ade", 150, 2)]
    [InlineData("voc", 21, 1)]
    [InlineData("ids", 30, 1)]
    public void Run_Format_WritesTheIdsOfTheBenchmark(string format, int classes, byte expected)
    {
        Picture("a.png", 8, 8, red: 255);
        Run(PredictFiles.None, format, classes, [_folder.File("a.png")]);
        Assert.All(ImageFile.ReadLabel(Out("a.png")).Ids, id => Assert.Equal(expected, id));
    }

    [Fact]
    public void Run_VocFormat_CarriesThePalette()
    {
        Picture("a.png", 8, 8, red: 255);
        Run(PredictFiles.None, "voc", 21, [_folder.File("a.png")]);
        Assert.Equal([128, 0, 0], ImageFile.ReadRgb(Out("a.png")).Pixels[..3]);
    }

    [Theory]
    [InlineData("cityscapes")]
    [InlineData("voc")]
    [InlineData("ade")]
    public void Format_OfOtherClasses_IsRefused(string format)
    {
        InputException error = Assert.Throws<InputException>(() => IdFormat.Create(format, ModelConfig.Preset("t", 7)));
        Assert.Contains("this model has 7", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[enforce fail at alloc_cpu.cpp:66] . DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.", "not enough memory for this picture; try --mode slide")]
    [InlineData("CUDA out of memory. Tried to allocate 20.00 MiB", "not enough memory for this picture; try --mode slide")]
    [InlineData("Kernel size can't be greater than actual input size", "libtorch could not segment this picture: Kernel size")]
    public void Run_PictureThatLibtorchRefuses_IsNamedAndTheOthersAreDone(string message, string expected)
    {
        Picture("a.png", 40, 24, red: 0);
        Picture("b.png", 33, 24, red: 0);
        Picture("c.png", 40, 24, red: 0);
        using StripeSegmenter network = new(3) { FailingWidth = 33, FailingMessage = message };
        Assert.Equal(1, Run(network, PredictFiles.None, "ids", [_folder.File("a.png"), _folder.File("b.png"), _folder.File("c.png")]));
        Assert.True(File.Exists(Out("a.png")) && !File.Exists(Out("b.png")) && File.Exists(Out("c.png")));
        Assert.Contains($"{_folder.File("b.png")}: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
    }

    private int Run(PredictFiles files, params string[] pictures) => Run(files, "ids", 3, pictures);

    private int Run(PredictFiles files, string format, int classes, string[] pictures, CancellationToken cancellation = default)
    {
        using StripeSegmenter network = new(classes);
        return Run(network, files, format, pictures, cancellation);
    }

    private int Run(StripeSegmenter network, PredictFiles files, string format, string[] pictures, CancellationToken cancellation = default)
    {
        int classes = network.Config.NumClasses;
        string folder = _folder.File("out");
        Directory.CreateDirectory(folder);
        PredictRunner runner = new(
            new TestTimeSegmenter(network, new TestOptions()),
            ClassSet.Default(classes),
            IdFormat.Create(format, network.Config),
            new Terminal(TextWriter.Null, _error, false, false, cancellation));
        return runner.Run(OutputPlan.Create(pictures, folder, files));
    }

    private string Out(string name) => _folder.File("out", name);

    private void Picture(string name, int width, int height, byte red)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i += 3)
        {
            pixels[i] = red;
        }

        RgbImage image = new(width, height, pixels);
        if (name.EndsWith(".png", StringComparison.Ordinal))
        {
            PngWriter.WriteRgb(_folder.File(name), image);
        }
        else
        {
            JpegWriter.Write(_folder.File(name), image);
        }
    }

    private static float[] Npy(string path, int count)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int start = bytes.Length - (4 * count);
        return [.. Enumerable.Range(0, count).Select(i => BitConverter.ToSingle(bytes, start + (4 * i)))];
    }
}
