using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>Train ids, and what holds for every preparation: kept, made again, faults by name.</summary>
public sealed class PreparationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cityscapes_LabelIds_BecomeTrainIdsBesideThem()
    {
        _folder.Label("gtFine/train/aachen/aachen_1_gtFine_labelIds.png", 7, 0, 33);
        _folder.Label("gtFine/val/ulm/ulm_1_gtFine_labelIds.png", 26, 255);
        _folder.Picture("gtFine/val/ulm/ulm_1_gtFine_color.png");
        PreparationResult result = TrainIdPreparation.Cityscapes(_folder.Path).Run();
        Assert.Equal((2, 0, 0), (result.Written, result.Kept, result.Faults.Count));
        Assert.Equal<byte>([0, 255, 18], Read("gtFine/train/aachen/aachen_1_gtFine_labelTrainIds.png")[..3]);
        Assert.Equal<byte>([13, 255], Read("gtFine/val/ulm/ulm_1_gtFine_labelTrainIds.png")[..2]);
    }

    [Fact]
    public void CocoStuff_Maps_BecomeTrainIdsBesideThemAndLoadAlike()
    {
        _folder.Picture("images/val2017/1.jpg");
        _folder.Label("annotations/val2017/1.png", 0, 181, 255);
        byte[] before = DataSets.Open(_folder.Path, "val").LoadLabel(0).Ids;
        Assert.Equal(1, TrainIdPreparation.CocoStuff(_folder.Path).Run().Written);
        ISegmentationDataSet data = DataSets.Open(_folder.Path, "val");
        Assert.EndsWith("1_labelTrainIds.png", data.Paths(0).Label, StringComparison.Ordinal);
        Assert.Equal(before, data.LoadLabel(0).Ids);
        Assert.Equal(before, Read("annotations/val2017/1_labelTrainIds.png"));
    }

    [Fact]
    public void Run_Again_KeepsWhatIsWholeAndMakesTheRest()
    {
        for (int i = 0; i < 4; i++)
        {
            _folder.Label($"annotations/train2017/{i}.png", (byte)i);
        }

        TrainIdPreparation.CocoStuff(_folder.Path).Run();
        string cut = _folder.File("annotations", "train2017", "1_labelTrainIds.png");
        byte[] whole = File.ReadAllBytes(cut);
        File.WriteAllBytes(cut, whole[..^5]);
        PngWriter.WriteLabel(_folder.File("annotations", "train2017", "2_labelTrainIds.png"), new LabelMap(1, 1));
        File.Delete(_folder.File("annotations", "train2017", "3_labelTrainIds.png"));
        int calls = 0;
        PreparationResult result = TrainIdPreparation.CocoStuff(_folder.Path).Run(onItem: () => calls++);
        Assert.Equal((3, 1, 4), (result.Written, result.Kept, calls));
        Assert.Equal(whole, File.ReadAllBytes(cut));
        Assert.Equal(2, Read("annotations/train2017/2_labelTrainIds.png")[0]);
        Assert.Equal(4, TrainIdPreparation.CocoStuff(_folder.Path).Run(force: true, threads: 1).Written);
    }

    [Fact]
    public void Run_SomeInputsFaulty_TellsThemInOrderAndFinishesTheRest()
    {
        _folder.Label("annotations/train2017/a.png", 0);
        _folder.Label("annotations/train2017/b.png", 11);
        _folder.Text("annotations/train2017/c.png", "no picture");
        _folder.Label("annotations/train2017/d.png", 12);
        PreparationResult result = TrainIdPreparation.CocoStuff(_folder.Path).Run();
        Assert.Equal(2, result.Written);
        Assert.Collection(
            result.Faults,
            fault => Assert.Contains("b.png: pixel (0, 0) has the value 11", fault, StringComparison.Ordinal),
            fault => Assert.Contains("c.png", fault, StringComparison.Ordinal));
        Assert.False(File.Exists(_folder.File("annotations", "train2017", "b_labelTrainIds.png")));
    }

    [Fact]
    public void Run_OutputInTheWay_EndsWithThatError()
    {
        _folder.Label("annotations/train2017/a.png", 0);
        Directory.CreateDirectory(_folder.File("annotations", "train2017", "a_labelTrainIds.png"));
        Assert.Contains("this is a folder, not a file to write", _folder.Error(() => TrainIdPreparation.CocoStuff(_folder.Path).Run()), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Cancelled_Ends()
    {
        _folder.Label("annotations/train2017/a.png", 0);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => TrainIdPreparation.CocoStuff(_folder.Path).Run(cancellationToken: source.Token));
    }

    [Fact]
    public void Create_NothingThere_NamesWhatToUnpack()
    {
        Assert.Contains("unpack gtFine_trainvaltest.zip", _folder.Error(() => TrainIdPreparation.Cityscapes(_folder.Path)), StringComparison.Ordinal);
        Assert.Contains("unpack stuffthingmaps_trainval2017.zip", _folder.Error(() => TrainIdPreparation.CocoStuff(_folder.Path)), StringComparison.Ordinal);
        Assert.Contains("unpack DOTA's pictures", _folder.Error(() => IsaidPreparation.Create(_folder.Path, _folder.Path)), StringComparison.Ordinal);
        Assert.Contains("holds no pictures of Pascal VOC", _folder.Error(() => ContextPreparation.Create(_folder.Path)), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void CocoStuff_RealMaps_AreRenumberedPixelByPixel()
    {
        string source = TestPaths.RequireShared("data", "coco-stuff", "annotations", "val2017");
        foreach (string file in Directory.EnumerateFiles(source, "*.png"))
        {
            File.Copy(file, _folder.Prepare($"annotations/val2017/{Path.GetFileName(file)}"));
        }

        Assert.Equal(4, TrainIdPreparation.CocoStuff(_folder.Path).Run().Written);
        int[] gaps = [11, 25, 28, 29, 44, 65, 67, 68, 70, 82, 90];
        foreach (string file in Directory.EnumerateFiles(source, "*.png"))
        {
            byte[] expected = [.. ImageFile.ReadLabel(file).Ids.Select(value => value == 255 ? value : (byte)(value - gaps.Count(gap => gap < value)))];
            Assert.Equal(expected, Read($"annotations/val2017/{Path.GetFileNameWithoutExtension(file)}_labelTrainIds.png"));
        }
    }

    private byte[] Read(string path) => ImageFile.ReadLabel(_folder.File(path.Split('/'))).Ids;
}
