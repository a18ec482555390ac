using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>Real street scenes, and pairs that are broken on purpose.</summary>
public class SharedDataSetTests
{
    [SkippableFact]
    public void CamVid_BothSplits_HaveTheDocumentedFrequencies()
    {
        string root = TestPaths.RequireShared("data", "camvid");
        ISegmentationDataSet val = DataSets.Open(root, "val");
        Assert.Equal(101, val.Count);
        Assert.Equal(367, DataSets.Open(root, "train").Count);
        Assert.Equal("camvid", val.Classes.Name);
        Assert.Empty(DataSetCheck.Quick(val));

        // Shares of some classes in val, in per cent of the labelled pixels, as the data's README has them.
        long[] counts = new long[256];
        for (int i = 0; i < val.Count; i += 1)
        {
            foreach (byte id in ImageFile.ReadLabel(val.Paths(i).Label).Ids)
            {
                counts[id]++;
            }
        }

        double labelled = counts[..11].Sum();
        Assert.Equal(9.336, 100 * counts[0] / labelled, 0.0005);
        Assert.Equal(29.455, 100 * counts[3] / labelled, 0.0005);
        Assert.Equal(2.256, 100 * counts[10] / labelled, 0.0005);
        Assert.Equal(labelled + counts[255], counts.Sum());
    }

    [SkippableFact]
    public void CamVid_Sample_HasPictureAndLabelsOfItsSize()
    {
        ISegmentationDataSet val = DataSets.Open(TestPaths.RequireShared("data", "camvid"), "val");
        Sample sample = val.Load(3);
        Assert.Equal((480, 360), (sample.Image.Width, sample.Image.Height));
        Assert.Equal((480, 360), (sample.Label.Width, sample.Label.Height));
    }

    [SkippableFact]
    public void FolderDataSet_CamVidWithoutItsClasses_CountsThemInTheLabels()
    {
        // The classes are counted over all splits: 'val' alone may lack some.
        FolderDataSet val = FolderDataSet.Open(TestPaths.RequireShared("data", "camvid"), "val");
        Assert.Equal(11, val.Classes.Count);
        Assert.Equal("class 3", val.Classes.Names[3]);
    }

    [SkippableFact]
    public void BadPairs_EachFault_NamesFileAndReason()
    {
        using TemporaryFolder folder = new();
        FolderDataSet data = CopyPairs(folder);
        Assert.Equal(["ok", "out-of-range", "size-mismatch"], Enumerable.Range(0, 3).Select(data.Name));
        Assert.Equal(120, data.Load(0).Image.Width);

        InputException range = Assert.Throws<InputException>(() => data.Load(1));
        Assert.Matches(@"^\S+/out-of-range\.png: pixel \(\d+, \d+\) has the value 37, but there are 11 classes \(0 to 10, 255 = ignored\)\.$", range.Message.Replace('\\', '/'));

        InputException size = Assert.Throws<InputException>(() => data.Load(2));
        Assert.Matches(@"^\S+/size-mismatch\.jpg has 120×88 pixels, but its label \S+/size-mismatch\.png has 110×82\.$", size.Message.Replace('\\', '/'));
    }

    [SkippableFact]
    public void QuickCheck_BadPairs_ReportsThemInOrder()
    {
        using TemporaryFolder folder = new();
        FolderDataSet data = CopyPairs(folder);
        string onlySize = Assert.Single(DataSetCheck.Quick(data));
        Assert.Contains("110×82", onlySize, StringComparison.Ordinal);
        IReadOnlyList<string> all = DataSetCheck.Quick(data, labelValues: true);
        Assert.Equal(2, all.Count);
        Assert.Contains("value 37", all[0], StringComparison.Ordinal);
        Assert.Equal(all[0], Assert.Throws<InputException>(() => DataSetCheck.Require(data, labelValues: true)).Message);
        Assert.Equal(new[] { all[0] }, DataSetCheck.Quick(data, labelValues: true, most: 1));
    }

    [SkippableFact]
    public void DataLoader_BadPair_ThrowsItsError()
    {
        using TemporaryFolder folder = new();
        TrainTransform transform = new(new AugmentationOptions { CropHeight = 32, CropWidth = 32, ResizeBaseWidth = 0, ResizeBaseHeight = 0 });
        using DataLoader loader = new(CopyPairs(folder), transform, new LoaderOptions { Batch = 3, Shuffle = false, Workers = 2 });
        Assert.Contains("value 37", Assert.Throws<InputException>(() => loader.Next()).Message, StringComparison.Ordinal);
    }

    private static FolderDataSet CopyPairs(TemporaryFolder folder)
    {
        string pairs = TestPaths.RequireShared("data", "bad-images", "pairs");
        foreach (string kind in (string[])["images", "labels"])
        {
            Directory.CreateDirectory(folder.File(kind, "train"));
            foreach (string file in Directory.EnumerateFiles(Path.Combine(pairs, kind)))
            {
                File.Copy(file, folder.File(kind, "train", Path.GetFileName(file)));
            }
        }

        return FolderDataSet.Open(folder.Path, "train", ClassSet.Default(11));
    }
}
