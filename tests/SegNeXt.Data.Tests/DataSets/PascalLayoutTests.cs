using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>Pascal VOC and Pascal Context: folders of a year with lists of splits.</summary>
public sealed class PascalLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("VOC2012/")]
    [InlineData("VOCdevkit/VOC2012/")]
    public void Voc_AnyRoot_OpensItsSplits(string year)
    {
        MakeVoc(year);
        Assert.Equal(["a"], Names("auto", "train"));
        Assert.Equal(["b"], Names("voc2012", "val"));
        Assert.Equal(["a", "b"], Names("voc2012", "trainval"));
        Assert.Equal(["c", "d"], Names("voc2012", "aug"));
        Assert.Equal(["a", "c", "d"], Names("voc2012", "trainaug"));
        ISegmentationDataSet data = DataSets.Open("voc2012", _folder.Path, "trainaug");
        Assert.EndsWith(Path.Combine("SegmentationClass", "a.png"), data.Paths(0).Label, StringComparison.Ordinal);
        Assert.EndsWith(Path.Combine("SegmentationClassAug", "c.png"), data.Paths(1).Label, StringComparison.Ordinal);
        Assert.Equal<byte>([20, 255], data.LoadLabel(0).Ids[..2]);
    }

    [Fact]
    public void Voc_PaletteMask_IndexIsTheClass()
    {
        MakeVoc("");
        PngWriter.WriteLabel(_folder.File("SegmentationClass", "a.png"), TinyFiles.Map(0, 15, 255), [0x000000, 0x800000]);
        Assert.Equal<byte>([0, 15, 255], DataSets.Open(_folder.Path, "train").Load(0).Label.Ids[..3]);
    }

    [Fact]
    public void Voc_ListOfTrainaugAlone_TellsTheTwoFoldersApart()
    {
        MakeVoc("");
        File.Move(_folder.File("ImageSets", "Segmentation", "aug.txt"), _folder.File("ImageSets", "Segmentation", "trainaug.txt"));
        _folder.Text("ImageSets/Segmentation/trainaug.txt", "d\n/JPEGImages/c.jpg /SegmentationClassAug/c.png\na\n");
        Assert.Equal(["a", "d", "c"], Names("voc2012", "trainaug"));
    }

    [Fact]
    public void Voc_NotPrepared_NamesTheCommand()
    {
        MakeVoc("");
        File.Delete(_folder.File("ImageSets", "Segmentation", "aug.txt"));
        Assert.Equal(
            "ROOT/ImageSets/Segmentation/aug.txt: there is no such list; segnext prepare voc-aug makes it from SBD.",
            _folder.Error(() => DataSets.Open(_folder.Path, "trainaug")));
    }

    [Fact]
    public void Voc_ListNamesMissingFiles_NamesTheFirstAndCounts()
    {
        MakeVoc("");
        _folder.Text("ImageSets/Segmentation/train.txt", "a\nx\ny\n");
        Assert.Equal(
            "ROOT/JPEGImages/x.jpg: there is no such picture, but ROOT/ImageSets/Segmentation/train.txt names it (2 of 3 are missing); " +
            "unpack the whole archive of the pictures, or take the names out of the list.",
            _folder.Error(() => DataSets.Open(_folder.Path, "train")));
        _folder.Picture("JPEGImages/x.jpg");
        _folder.Picture("JPEGImages/y.jpg");
        _folder.Label("SegmentationClass/x.png", 0);
        Assert.Equal(
            "ROOT/SegmentationClass/y.png: there is no such label, but ROOT/ImageSets/Segmentation/train.txt names it; " +
            "unpack VOCtrainval_11-May-2012.tar, which has them.",
            _folder.Error(() => DataSets.Open(_folder.Path, "train")));
    }

    [Fact]
    public void Voc_ElsewhereOrEmpty_SaysSo()
    {
        Assert.Contains("holds no pictures of Pascal VOC", _folder.Error(() => DataSets.Open("voc2012", _folder.Path, "train")), StringComparison.Ordinal);
        MakeVoc("");
        _folder.Text("ImageSets/Segmentation/train.txt", "\n \n");
        Assert.Equal("ROOT/ImageSets/Segmentation/train.txt: lists no picture.", _folder.Error(() => DataSets.Open("voc2012", _folder.Path, "train")));
    }

    [Fact]
    public void Context_BothKinds_ReadOneFolder()
    {
        MakeContext();
        ISegmentationDataSet with = DataSets.Open("context60", _folder.Path, "val");
        ISegmentationDataSet without = DataSets.Open("Context59", _folder.Path, "val");
        Assert.Equal<byte>([0, 1, 59], with.LoadLabel(0).Ids[..3]);
        Assert.Equal<byte>([255, 0, 58], without.LoadLabel(0).Ids[..3]);
        Assert.Equal(with.Classes.Names[59], without.Classes.Names[58]);
        Assert.Equal(with.Classes.Palette[1], without.Classes.Palette[0]);
    }

    [Fact]
    public void Context_Auto_AsksWhich()
    {
        MakeContext();
        Assert.Equal(
            "ROOT: can be opened as context59 or context60; choose one by data.type in a configuration.",
            _folder.Error(() => DataSets.Open(_folder.Path, "val")));
    }

    [Fact]
    public void Context_NotPrepared_NamesTheCommand()
    {
        _folder.Picture("VOC2010/JPEGImages/a.jpg");
        Assert.Equal(
            "ROOT/VOC2010/ImageSets/SegmentationContext/val.txt: there is no such list; segnext prepare context makes it from the data set's annotations.",
            _folder.Error(() => DataSets.Open("context59", _folder.Path, "val")));
    }

    private void MakeVoc(string year)
    {
        foreach (string name in (string[])["a", "b", "c", "d"])
        {
            _folder.Picture($"{year}JPEGImages/{name}.jpg");
            _folder.Label($"{year}SegmentationClass{(name is "a" or "b" ? "" : "Aug")}/{name}.png", 20, 255);
        }

        _folder.Text($"{year}ImageSets/Segmentation/train.txt", "a\n");
        _folder.Text($"{year}ImageSets/Segmentation/val.txt", "b\r\n");
        _folder.Text($"{year}ImageSets/Segmentation/aug.txt", "c\nd\n");
    }

    private void MakeContext()
    {
        _folder.Picture("VOCdevkit/VOC2010/JPEGImages/a.jpg");
        _folder.Label("VOCdevkit/VOC2010/SegmentationClassContext/a.png", 0, 1, 59);
        _folder.Text("VOCdevkit/VOC2010/ImageSets/SegmentationContext/val.txt", "a\n");
    }

    private IEnumerable<string> Names(string type, string split)
    {
        ISegmentationDataSet data = DataSets.Open(type, _folder.Path, split);
        return Enumerable.Range(0, data.Count).Select(data.Name);
    }
}
