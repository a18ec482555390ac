using System.Globalization;
using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>SBD's labels for VOC 2012, and Pascal Context from both forms of its annotations.</summary>
public sealed class PascalPreparationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void VocAug_Labels_BecomePicturesAndLists()
    {
        foreach (string name in (string[])["a", "b", "c", "d", "e"])
        {
            _folder.Picture($"VOC2012/JPEGImages/{name}.jpg");
            WriteSbd($"sbd/dataset/cls/{name}.mat", [0, 20, 255]);
        }

        _folder.Label("VOC2012/SegmentationClass/a.png", 1);
        _folder.Text("VOC2012/ImageSets/Segmentation/train.txt", "a\n");
        _folder.Text("VOC2012/ImageSets/Segmentation/val.txt", "b\n");
        _folder.Text("sbd/dataset/train.txt", "d\na\n");
        _folder.Text("sbd/dataset/val.txt", "b\nc\n");
        PreparationResult result = VocAugPreparation.Create(_folder.Path, _folder.File("sbd")).Run();
        Assert.Equal((5, 0), (result.Written, result.Faults.Count));
        Assert.Equal("c\nd\n", File.ReadAllText(_folder.File("VOC2012", "ImageSets", "Segmentation", "aug.txt")));
        Assert.Equal("a\nc\nd\n", File.ReadAllText(_folder.File("VOC2012", "ImageSets", "Segmentation", "trainaug.txt")));
        ISegmentationDataSet data = DataSets.Open(_folder.Path, "trainaug");
        Assert.Equal(3, data.Count);
        Assert.Equal<byte>([0, 20, 255], data.Load(1).Label.Ids[..3]);
        Assert.Equal(5, VocAugPreparation.Create(_folder.Path, _folder.File("sbd", "dataset")).Run().Kept);
    }

    [Fact]
    public void VocAug_DamagedLabel_IsToldAndLeftOutOfTheLists()
    {
        _folder.Picture("JPEGImages/a.jpg");
        _folder.Text("ImageSets/Segmentation/train.txt", "a\n");
        _folder.Text("ImageSets/Segmentation/val.txt", "b\n");
        _folder.Text("dataset/train.txt", "c\nd\n");
        _folder.Text("dataset/val.txt", "e\n");
        WriteSbd("dataset/cls/c.mat", [0]);
        WriteSbd("dataset/cls/d.mat", [0, 21]);
        _folder.Text("dataset/cls/e.mat", "no labels");
        PreparationResult result = VocAugPreparation.Create(_folder.Path, _folder.Path).Run();
        Assert.Equal(1, result.Written);
        Assert.Collection(
            result.Faults,
            fault => Assert.EndsWith("d.mat: pixel (1, 0) has the value 21, but there are 21 classes (0 to 20, 255 = ignored).", fault, StringComparison.Ordinal),
            fault => Assert.EndsWith("e.mat is no MATLAB file of version 5 to 7.", fault, StringComparison.Ordinal));
        Assert.Equal("c\n", File.ReadAllText(_folder.File("ImageSets", "Segmentation", "aug.txt")));
    }

    [Fact]
    public void VocAug_ListsMissing_IsRefusedBeforeAnythingIsWritten()
    {
        _folder.Picture("JPEGImages/a.jpg");
        WriteSbd("dataset/cls/c.mat", [0]);
        Assert.Contains("there is no such list; unpack VOCtrainval_11-May-2012.tar", _folder.Error(() => VocAugPreparation.Create(_folder.Path, _folder.Path)), StringComparison.Ordinal);
        Assert.Contains("has no folder dataset/cls", _folder.Error(() =>
        {
            _folder.Text("ImageSets/Segmentation/train.txt", "a\n");
            VocAugPreparation.Create(_folder.Path, _folder.File("JPEGImages"));
        }), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("SegmentationClassAug")));
    }

    [Fact]
    public void Context_FirstRelease_BecomesTheClassesOfTheReleasedCode()
    {
        _folder.Picture("VOC2010/JPEGImages/2008_000002.jpg");
        _folder.Text("VOC2010/ImageSets/Main/train.txt", "2008_000002\n");
        _folder.Text("VOC2010/ImageSets/Main/val.txt", "2008_000003\n");
        WriteMap("annotations/trainval/2008_000002.mat", "LabelMap", [0, 2, 9, 23, 427, 458, 1, 459], MatWriter.UInt16Class);
        WriteMap("annotations/trainval/2008_000003.mat", "LabelMap", [284], MatWriter.DoubleClass);
        PreparationResult result = ContextPreparation.Create(_folder.Path, _folder.File("annotations")).Run();
        Assert.Empty(result.Faults);
        Assert.Equal(2, result.Lists.Count);
        ISegmentationDataSet data = DataSets.Open("context60", _folder.Path, "train");
        Assert.Equal(
            ["background", "aeroplane", "bag", "bicycle", "tvmonitor", "wood", "background", "background"],
            data.Load(0).Label.Ids[..8].Select(id => data.Classes.Names[id]));
        Assert.Equal("2008_000003\n", File.ReadAllText(_folder.File("VOC2010", "ImageSets", "SegmentationContext", "val.txt")));
    }

    [Fact]
    public void Context_LabelOfAnotherSize_IsTold()
    {
        _folder.Picture("VOC2010/JPEGImages/a.jpg");
        _folder.Text("VOC2010/ImageSets/Main/train.txt", "a\n");
        _folder.Text("VOC2010/ImageSets/Main/val.txt", "b\n");
        byte[] map = MatWriter.Matrix("LabelMap", MatWriter.UInt16Class, 2, 3, [0, 0, 0, 0, 0, 460]);
        File.WriteAllBytes(_folder.Prepare("mats/a.mat"), MatWriter.File(true, false, MatWriter.Matrix("LabelMap", MatWriter.UInt16Class, 2, 3, new double[6])));
        File.WriteAllBytes(_folder.Prepare("mats/b.mat"), MatWriter.File(true, false, map));
        PreparationResult result = ContextPreparation.Create(_folder.Path, _folder.File("mats")).Run();
        Assert.Collection(
            result.Faults,
            fault => Assert.Contains("a.jpg has 6×4 pixels, but its label in the annotations (a) has 3×2.", fault, StringComparison.Ordinal),
            fault => Assert.EndsWith("b.mat: pixel (2, 1) has the value 460, but there are 459 classes (1 to 459, 0 = none).", fault, StringComparison.Ordinal));
        Assert.Empty(result.Lists);
    }

    [Fact]
    public void Context_Json_PaintsTheMasksInOrder()
    {
        byte[] window = TinyFiles.Map(1, 1, 0).Ids;
        byte[] person = TinyFiles.Map(0, 1, 1, 0).Ids;
        WriteJson(
            Annotation(2008000002, 454, window), Annotation(2008000002, 284, person), Annotation(2008000003, 3, window), Annotation(77, 2, window));
        PreparationResult result = ContextPreparation.Create(_folder.Path).Run();
        Assert.Equal((2, 0), (result.Written, result.Faults.Count));
        ISegmentationDataSet data = DataSets.Open("context60", _folder.Path, "train");
        Assert.Equal(1, data.Count);
        Assert.Equal(["window", "person", "person", "background"], data.Load(0).Label.Ids[..4].Select(id => data.Classes.Names[id]));

        // Classes that are none of the 59 are background.
        Assert.All(DataSets.Open("context60", _folder.Path, "val").LoadLabel(0).Ids, id => Assert.Equal(0, id));
        Assert.Equal(2, ContextPreparation.Create(_folder.Path, _folder.File("VOC2010", "trainval_merged.json")).Run().Kept);
    }

    [Theory]
    [InlineData("[]", "is no JSON object, or a damaged one")]
    [InlineData("{\"images\": [{\"image_id\": 1", "is no JSON object, or a damaged one")]
    [InlineData("{\"images\": [{\"image_id\": 1}]}", "an entry has no file_name")]
    [InlineData("{}", "holds no pictures with segmentation")]
    [InlineData("{\"images\": [{\"image_id\": 1, \"file_name\": \"../a.jpg\", \"phase\": \"train\", \"width\": 1, \"height\": 1}]}", "cannot be")]
    [InlineData("{\"annos_segmentation\": [{\"image_id\": 1, \"category_id\": 1.5, \"segmentation\": {}}]}", "category_id of an entry is no whole number")]
    public void Context_FaultyJson_IsRefused(string json, string part)
    {
        _folder.Picture("VOC2010/JPEGImages/a.jpg");
        _folder.Text("VOC2010/trainval_merged.json", json);
        Assert.Contains(part, _folder.Error(() => ContextPreparation.Create(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Context_LargeJson_IsReadInPieces()
    {
        // Far more than the reader's buffer, with an entry and a passed-over array that are longer than it.
        byte[] mask = TinyFiles.Map(1, 0).Ids;
        string padding = new('x', 3 << 20);
        string[] annotations = [.. Enumerable.Range(0, 3000).Select(_ => Annotation(2008000002, 2, mask))];
        WriteJson([Annotation(2008000002, 454, mask).Replace("{\"image_id\"", $"{{\"note\": \"{padding}\", \"image_id\"", StringComparison.Ordinal), .. annotations, Annotation(2008000003, 9, mask)], padding);
        ContextPreparation.Create(_folder.Path).Run();
        Assert.Equal<byte>([1, 0], DataSets.Open("context60", _folder.Path, "train").LoadLabel(0).Ids[..2]);
        Assert.Equal<byte>([2, 0], DataSets.Open("context60", _folder.Path, "val").LoadLabel(0).Ids[..2]);
    }

    [Fact]
    public void Context_NoAnnotations_NamesBothForms()
    {
        _folder.Picture("VOC2010/JPEGImages/a.jpg");
        Assert.Contains("there is no trainval_merged.json in it", _folder.Error(() => ContextPreparation.Create(_folder.Path)), StringComparison.Ordinal);
        Assert.Contains("there are no .mat files", _folder.Error(() => ContextPreparation.Create(_folder.Path, _folder.File("VOC2010"))), StringComparison.Ordinal);
    }

    private static string Annotation(long image, int category, byte[] mask) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"image_id": {{{image}}}, "category_id": {{{category}}}, "parts": [], "segmentation": {"size": [{{{TinyFiles.Height}}}, {{{TinyFiles.Width}}}], "counts": "{{{Escaped(mask)}}}"}}""");

    private static string Escaped(byte[] mask) => MaskRunsTests.Pack(mask, TinyFiles.Height, TinyFiles.Width).Replace("\\", "\\\\", StringComparison.Ordinal);

    private void WriteJson(params string[] annotations) => WriteJson(annotations, "short");

    private void WriteJson(string[] annotations, string padding)
    {
        _folder.Picture("VOC2010/JPEGImages/2008_000002.jpg");
        _folder.Picture("VOC2010/JPEGImages/2008_000003.jpg");
        _folder.Text("VOC2010/trainval_merged.json", $$"""
            {"info": {"images": []}, "annos_joints": [["{{padding}}"], {"images": [1]}], "annos_segmentation": [{{string.Join(",\n", annotations)}}],
             "images": [{"image_id": 2008000002, "file_name": "2008_000002.jpg", "phase": "train", "width": 6, "height": 4},
                        {"image_id": 2008000003, "file_name": "2008_000003.jpg", "phase": "val", "width": 6, "height": 4}]}
            """);
    }

    private void WriteSbd(string path, double[] first)
    {
        byte[] map = Map("", first, MatWriter.UInt8Class);
        byte[] structure = MatWriter.Struct("GTcls", false, ("Boundaries", MatWriter.Cell()), ("Segmentation", map), ("CategoriesPresent", map));
        File.WriteAllBytes(_folder.Prepare(path), MatWriter.File(true, false, structure));
    }

    private void WriteMap(string path, string name, double[] first, int matrixClass) =>
        File.WriteAllBytes(_folder.Prepare(path), MatWriter.File(true, false, Map(name, first, matrixClass)));

    private static byte[] Map(string name, double[] first, int matrixClass) => MatWriter.Matrix(
        name, matrixClass, TinyFiles.Height, TinyFiles.Width, [.. first, .. new double[(TinyFiles.Height * TinyFiles.Width) - first.Length]]);
}
