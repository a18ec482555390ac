using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>Real samples of the known data sets.</summary>
public class SharedKnownDataSetTests
{
    [SkippableTheory]
    [InlineData("ade20k", "train", 1, 150)]
    [InlineData("ade20k", "val", 2, 150)]
    [InlineData("voc2012", "train", 1, 21)]
    [InlineData("voc2012", "trainval", 2, 21)]
    [InlineData("coco-stuff", "train", 7, 171)]
    [InlineData("coco-stuff", "val", 4, 171)]
    [InlineData("isaid", "train", 1, 16)]
    [InlineData("isaid", "val", 1, 16)]
    public void Sample_Auto_OpensAndIsSound(string folder, string split, int count, int classes)
    {
        ISegmentationDataSet data = DataSets.Open(TestPaths.RequireShared("data", folder), split);
        Assert.Equal(count, data.Count);
        Assert.Equal(classes, data.Classes.Count);
        Assert.Empty(DataSetCheck.Quick(data, labelValues: true));
        Sample sample = data.Load(0);
        Assert.Equal(sample.Label.Ids, data.LoadLabel(0).Ids);
        Assert.Contains(sample.Label.Ids, id => id < classes);
    }

    [SkippableFact]
    public void Isaid_Colours_AreTheClassesOfItsReadme()
    {
        string root = TestPaths.RequireShared("data", "isaid");
        IEnumerable<byte> ids = ((string[])["train", "val"]).SelectMany(split => DataSets.Open("isaid", root, split).LoadLabel(0).Ids);
        Assert.Equal<byte>([0, 2, 8, 9], ids.Distinct().Order());
    }

    [SkippableFact]
    public void Voc_Masks_HoldTheClassesOfItsReadme()
    {
        ISegmentationDataSet data = DataSets.Open("voc2012", TestPaths.RequireShared("data", "voc2012"), "trainval");
        Assert.Equal<byte>([0, 5, 15, 255], data.LoadLabel(0).Ids.Distinct().Order());
        Assert.Equal<byte>([0, 9, 15, 18, 255], data.LoadLabel(1).Ids.Distinct().Order());
    }

    [SkippableFact]
    public void Ade20k_Labels_AreTheFilesLessOne()
    {
        ISegmentationDataSet data = DataSets.Open("ade20k", TestPaths.RequireShared("data", "ade20k"), "val");
        for (int i = 0; i < data.Count; i++)
        {
            byte[] raw = ImageFile.ReadLabel(data.Paths(i).Label).Ids;
            Assert.Equal(raw.Select(value => value is 0 or 255 ? (byte)255 : (byte)(value - 1)), data.LoadLabel(i).Ids);
        }
    }

    [SkippableFact]
    public void LabelMapping_ReduceZero_EqualsTheGoldenLabels()
    {
        GoldenArrays golden = GoldenArrays.Require("labels_decoded.safetensors");
        foreach (string name in golden.Names.Where(name => name.EndsWith(".plain", StringComparison.Ordinal)))
        {
            int[] shape = golden.Shape(name);
            LabelMap label = new(shape[1], shape[0], golden.Bytes(name));
            LabelMapping.ReduceZero(254).Apply(label, name);
            Assert.Equal(golden.Bytes(name.Replace(".plain", ".reduce_zero", StringComparison.Ordinal)), label.Ids);
        }
    }
}
