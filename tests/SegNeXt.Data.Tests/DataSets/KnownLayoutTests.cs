using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>The layouts of the benchmarks, made up: what is paired, and how labels become classes.</summary>
public sealed class KnownLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ade20k_ZeroIsIgnored_AndTheRestCountsFromOne()
    {
        _folder.Picture("images/training/a.jpg");
        _folder.Label("annotations/training/a.png", 0, 1, 150);
        ISegmentationDataSet data = OpenAny("train", "ade20k");
        Assert.Equal<byte>([255, 0, 149], data.LoadLabel(0).Ids[..3]);
        Assert.Equal(150, data.Classes.Count);
        Assert.Equal((TinyFiles.Width, TinyFiles.Height), (data.Load(0).Image.Width, data.Load(0).Image.Height));
    }

    [Fact]
    public void Ade20k_ValueAbove150_IsToldWithPixelAndClasses()
    {
        _folder.Picture("images/validation/a.jpg");
        _folder.Label("annotations/validation/a.png", 1, 1, 1, 1, 1, 1, 1, 151);
        Assert.Equal(
            "ROOT/annotations/validation/a.png: pixel (1, 1) has the value 151, but there are 150 classes (1 to 150, 0 and 255 = ignored).",
            _folder.Error(() => DataSets.Open(_folder.Path, "val").LoadLabel(0)));
    }

    [Fact]
    public void Cityscapes_TrainIdsWhereTheyExist_ElseLabelIdsMapped()
    {
        foreach (string name in (string[])["aachen/aachen_000001_000019", "bonn/bonn_000000_000019"])
        {
            _folder.Picture($"leftImg8bit/train/{name}_leftImg8bit.png");
            _folder.Label($"gtFine/train/{name}_gtFine_labelIds.png", 7, 33, 0, 6, 255);
            _folder.Label($"gtFine/train/{name}_gtFine_instanceIds.png", 99);
        }

        _folder.Label("gtFine/train/bonn/bonn_000000_000019_gtFine_labelTrainIds.png", 5, 18, 255);
        ISegmentationDataSet data = OpenAny("train", "cityscapes");
        Assert.Equal(["aachen_000001_000019", "bonn_000000_000019"], Enumerable.Range(0, data.Count).Select(data.Name));
        Assert.Equal<byte>([0, 18, 255, 255, 255], data.LoadLabel(0).Ids[..5]);
        Assert.Equal<byte>([5, 18, 255], data.Load(1).Label.Ids[..3]);
        Assert.True(data.Mapping(0).Allows(200));
        Assert.False(data.Mapping(1).Allows(19));
    }

    [Fact]
    public void Cityscapes_NoLabel_NamesWhereItBelongs()
    {
        _folder.Picture("leftImg8bit/val/ulm/ulm_1_leftImg8bit.png");
        Assert.Equal(
            "ROOT/gtFine/val: there is no such folder; the labels of ROOT/leftImg8bit/val belong there: unpack gtFine_trainvaltest.zip.",
            _folder.Error(() => DataSets.Open(_folder.Path, "val")));
        Directory.CreateDirectory(_folder.File("gtFine", "val", "ulm"));
        Assert.Equal(
            "ROOT/leftImg8bit/val/ulm/ulm_1_leftImg8bit.png: there is no label for this image; " +
            "expected ROOT/gtFine/val/ulm/ulm_1 with _gtFine_labelTrainIds.png or _gtFine_labelIds.png.",
            _folder.Error(() => DataSets.Open(_folder.Path, "val")));
    }

    [Fact]
    public void CocoStuff_RawValues_AreRenumbered_AndTrainIdsTakenAsTheyAre()
    {
        _folder.Picture("images/val2017/000000000001.jpg");
        _folder.Picture("images/val2017/000000000002.jpg");
        _folder.Label("annotations/val2017/000000000001.png", 0, 10, 12, 181, 255);
        _folder.Label("annotations/val2017/000000000002.png", 0);
        _folder.Label("annotations/val2017/000000000002_labelTrainIds.png", 170, 11);
        ISegmentationDataSet data = OpenAny("val", "cocostuff164k");
        Assert.Equal(2, data.Count);
        Assert.Equal<byte>([0, 10, 11, 170, 255], data.LoadLabel(0).Ids[..5]);
        Assert.Equal<byte>([170, 11], data.LoadLabel(1).Ids[..2]);
    }

    [Fact]
    public void CocoStuff_ValueOfNoClass_IsAnError()
    {
        _folder.Picture("images/train2017/1.jpg");
        _folder.Label("annotations/train2017/1.png", 11);
        Assert.Equal(
            "ROOT/annotations/train2017/1.png: pixel (0, 0) has the value 11, but there are 171 classes " +
            "(0 to 181 without 11, 25, 28, 29, 44, 65, 67, 68, 70, 82, 90; 255 = ignored).",
            _folder.Error(() => DataSets.Open("cocostuff164k", _folder.Path, "train").Load(0)));
    }

    [Fact]
    public void Isaid_Patches_HoldIds()
    {
        _folder.Picture("img_dir/train/P0000_0_896_0_896.png");
        _folder.Label("ann_dir/train/P0000_0_896_0_896_instance_color_RGB.png", 0, 15, 255);
        ISegmentationDataSet data = OpenAny("train", "isaid");
        Assert.Equal("P0000_0_896_0_896", data.Name(0));
        Assert.Equal<byte>([0, 15, 255], data.LoadLabel(0).Ids[..3]);
    }

    [Theory]
    [InlineData("val/images", "val/images")]
    [InlineData("val/images/images", "val/Semantic_masks/images")]
    [InlineData("val/images", "val/Semantic_masks")]
    public void Isaid_DevelopmentKit_ColoursBecomeIdsAndOtherFilesAreNoPictures(string images, string labels)
    {
        RgbImage colours = new(TinyFiles.Width, TinyFiles.Height);
        byte[] harbor = [0, 100, 155];
        harbor.CopyTo(colours.Pixels.AsSpan(3));
        _folder.Picture($"{images}/P0003.png");
        _folder.Picture($"{images}/P0003_instance_id_RGB.png");
        PngWriter.WriteRgb(_folder.Prepare($"{labels}/P0003_instance_color_RGB.png"), colours);
        ISegmentationDataSet data = OpenAny("val", "isaid");
        Assert.Equal(1, data.Count);
        Assert.Equal<byte>([0, 15, 0], data.Load(0).Label.Ids[..3]);

        colours.Pixels[^1] = 1;
        PngWriter.WriteRgb(_folder.Prepare($"{labels}/P0003_instance_color_RGB.png"), colours);
        Assert.EndsWith(
            "P0003_instance_color_RGB.png: pixel (5, 3) has the colour (0, 0, 1), which is none of the 16 classes of isaid.",
            _folder.Error(() => data.LoadLabel(0)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ColourMask_WhereIdsAreMeant_IsAnErrorWithItsRemedy()
    {
        _folder.Picture("images/training/a.jpg");
        _folder.Picture("annotations/training/a.png");
        Assert.Equal(
            "ROOT/annotations/training/a.png is a colour picture (8-bit RGB), but a label holds class ids: " +
            "write a grey or palette PNG with the id of each pixel's class in place of its colour.",
            _folder.Error(() => DataSets.Open(_folder.Path, "train").LoadLabel(0)));
    }

    [Theory]
    [InlineData("ade20k", "test", "the labels of ADE20K's split 'test' are not public, so it can only be predicted; the splits with labels are train, val.")]
    [InlineData("isaid", "test", "the labels of iSAID's split 'test' are not public, so it can only be predicted; the splits with labels are train, val.")]
    [InlineData("cityscapes", "test", "the labels of Cityscapes's split 'test' are not public, so it can only be predicted; the splits with labels are train, val.")]
    [InlineData("cocostuff164k", "minival", "COCO-Stuff 164k has no split 'minival'; it has train, val.")]
    public void Open_SplitWithoutLabels_SaysSo(string type, string split, string expected) =>
        Assert.Equal($"ROOT: {expected}", _folder.Error(() => DataSets.Open(type, _folder.Path, split)));

    [Fact]
    public void Open_AdePicturesWithoutAnnotations_NamesTheRemedy()
    {
        _folder.Picture("images/training/a.jpg");
        Assert.Equal(
            "ROOT/annotations/training: there is no such folder; the labels of ROOT/images/training belong there: unpack all of ADEChallengeData2016.zip.",
            _folder.Error(() => DataSets.Open(_folder.Path, "train")));
        Assert.Equal(
            "ROOT/images/validation: there is no such folder; unpack ADEChallengeData2016.zip.",
            _folder.Error(() => DataSets.Open(_folder.Path, "val")));
    }

    [Fact]
    public void Auto_FolderOfNoLayout_SaysWhatItLooksLike()
    {
        _folder.Picture("train/cats/a.jpg");
        Assert.Contains("by folders of classes", _folder.Error(() => DataSets.Open(_folder.Path, "train")), StringComparison.Ordinal);
        _folder.Picture("JPEGImages/a.jpg");
        Assert.Contains("run segnext prepare context", _folder.Error(() => DataSets.Open(_folder.Path, "train")), StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_ListOfClasses_MakesItAPlainFolder()
    {
        _folder.Picture("images/training/a.jpg");
        _folder.Label("labels/training/a.png", 1);
        _folder.Label("annotations/training/a.png", 1);
        _folder.Text("classes.txt", "sky\nroad\n");
        Assert.Equal<byte>([1], DataSets.Open(_folder.Path, "training").LoadLabel(0).Ids[..1]);
    }

    private ISegmentationDataSet OpenAny(string split, string type)
    {
        ISegmentationDataSet found = DataSets.Open(_folder.Path, split);
        ISegmentationDataSet named = DataSets.Open(type.ToUpperInvariant(), _folder.Path, split);
        Assert.Equal(named.Classes, found.Classes);
        Assert.Equal(named.Count, found.Count);
        Assert.Equal(named.Paths(0), found.Paths(0));
        return found;
    }
}
