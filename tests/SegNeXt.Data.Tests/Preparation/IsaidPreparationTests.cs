using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

public sealed class IsaidPreparationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(20, 20, "0_8_0_8", "0_8_5_13", "0_8_10_18", "0_8_12_20", "5_13_0_8", "10_18_12_20", "12_20_12_20")]
    [InlineData(8, 8, "0_8_0_8")]
    [InlineData(9, 8, "0_8_0_8", "0_8_1_9")]
    [InlineData(3, 9, "0_8_0_8", "1_9_0_8")]
    [InlineData(8, 5, "0_8_0_8")]
    [InlineData(2, 2, "0_8_0_8")]
    public void Create_AnySize_HasTheWindowsOfTheOfficialTool(int width, int height, params string[] expected)
    {
        Write("train", "P0001", width, height);
        Assert.Empty(IsaidPreparation.Create(_folder.Path, _folder.File("out"), 8, 8, 3).Run().Faults);
        string[] names = Names("img_dir");
        Assert.All(expected, window => Assert.Contains($"P0001_{window}.png", names));
        Assert.Equal(width == 20 ? 16 : expected.Length, names.Length);
        Assert.Equal(names.Select(name => name.Replace(".png", "_instance_color_RGB.png", StringComparison.Ordinal)), Names("ann_dir"));
    }

    [Fact]
    public void Create_PatchesOfASmallAndALargePicture_HoldItsPixels()
    {
        (RgbImage image, LabelMap label) = Write("train", "P0002", 11, 6);
        IsaidPreparation.Create(_folder.Path, _folder.File("out"), 8, 8, 3).Run();
        ISegmentationDataSet data = DataSets.Open("isaid", _folder.File("out"), "train");
        Assert.Equal(["P0002_0_8_0_8", "P0002_0_8_3_11"], Enumerable.Range(0, data.Count).Select(data.Name));
        for (int patch = 0; patch < 2; patch++)
        {
            Sample sample = data.Load(patch);
            for (int y = 0; y < 8; y++)
            {
                for (int x = 0; x < 8; x++)
                {
                    int from = (y * 11) + x + (patch * 3);
                    Assert.Equal(y < 6 ? label.Ids[from] : (byte)255, sample.Label.Ids[(y * 8) + x]);
                    Assert.Equal(y < 6 ? image.Pixels[from * 3] : (byte)0, sample.Image.Pixels[((y * 8) + x) * 3]);
                }
            }
        }
    }

    [Fact]
    public void Run_FaultyLabels_AreToldAndTheRestIsMade()
    {
        Write("train", "P0001", 8, 8);
        Write("train", "P0002", 8, 8);
        Write("train", "P0003", 8, 8);
        Write("val", "P0004", 8, 8);
        File.Delete(_folder.File("train", "images", "P0001_instance_color_RGB.png"));
        PngWriter.WriteRgb(_folder.File("train", "images", "P0002_instance_color_RGB.png"), new RgbImage(7, 8));
        RgbImage strange = new(8, 8);
        strange.Pixels[3] = 9;
        PngWriter.WriteRgb(_folder.File("train", "images", "P0003_instance_color_RGB.png"), strange);
        PreparationResult result = IsaidPreparation.Create(_folder.Path, _folder.File("out"), 8, 8, 3).Run();
        Assert.Equal(1, result.Written);
        Assert.Collection(
            result.Faults,
            fault => Assert.Contains("P0001.png: there is no label for this image", fault, StringComparison.Ordinal),
            fault => Assert.Contains("P0002.png has 8×8 pixels, but its label", fault, StringComparison.Ordinal),
            fault => Assert.Contains("pixel (1, 0) has the colour (9, 0, 0)", fault, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Create_RealPictures_GivesTheOfficialPatches()
    {
        string root = TestPaths.RequireShared("data", "isaid");
        string output = _folder.File("out");
        PreparationResult result = IsaidPreparation.Create(root, output).Run();
        Assert.Equal(2, result.Written);

        // 1147×1023 is cut twice in either direction, 884×977 is 12 columns short of a patch.
        Assert.Equal(
            ["P0003_0_896_0_896", "P0003_0_896_251_1147", "P0003_127_1023_0_896", "P0003_127_1023_251_1147"],
            Stems(DataSets.Open(output, "val")));
        ISegmentationDataSet train = DataSets.Open(output, "train");
        Assert.Equal(["P0005_0_896_0_896", "P0005_81_977_0_896"], Stems(train));
        Assert.Empty(DataSetCheck.Quick(train, labelValues: true));

        LabelMap whole = DataSets.Open(root, "train").LoadLabel(0);
        LabelMap patch = train.LoadLabel(1);
        for (int y = 0; y < 896; y++)
        {
            Assert.True(patch.Ids.AsSpan(y * 896, 884).SequenceEqual(whole.Ids.AsSpan((y + 81) * 884, 884)));
            Assert.Equal(-1, patch.Ids.AsSpan((y * 896) + 884, 12).IndexOfAnyExcept((byte)255));
        }

        Assert.Equal(2, IsaidPreparation.Create(root, output).Run().Kept);
    }

    private static IEnumerable<string> Stems(ISegmentationDataSet data) => Enumerable.Range(0, data.Count).Select(data.Name);

    private string[] Names(string kind) =>
        [.. Directory.EnumerateFiles(_folder.File("out", kind, "train")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private (RgbImage Image, LabelMap Label) Write(string split, string name, int width, int height)
    {
        RgbImage image = new(width, height);
        RgbImage colours = new(width, height);
        LabelMap label = new(width, height);
        for (int i = 0; i < label.Ids.Length; i++)
        {
            image.Pixels[i * 3] = (byte)(i + 1);
            label.Ids[i] = (byte)(i % 16);
            int colour = SegmentationClasses.Isaid.Palette[i % 16];
            (colours.Pixels[i * 3], colours.Pixels[(i * 3) + 1], colours.Pixels[(i * 3) + 2]) = ((byte)(colour >> 16), (byte)(colour >> 8), (byte)colour);
        }

        PngWriter.WriteRgb(_folder.Prepare($"{split}/images/{name}.png"), image);
        PngWriter.WriteRgb(_folder.Prepare($"{split}/images/{name}_instance_color_RGB.png"), colours);
        PngWriter.WriteRgb(_folder.Prepare($"{split}/images/{name}_instance_id_RGB.png"), colours);
        return (image, label);
    }
}
