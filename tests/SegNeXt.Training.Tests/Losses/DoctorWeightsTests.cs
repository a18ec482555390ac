using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public class DoctorWeightsTests
{
    [Fact]
    public void Doctor_WeightsForUnevenClasses_AreAConfigurations_AndThoseOfMedianFrequency()
    {
        using TemporaryFolder folder = new();
        SmallDataSet.Write(folder.Path);

        // One class left with a few pixels.
        foreach (string path in Directory.GetFiles(folder.File("labels", "train")))
        {
            byte[] ids = ImageFile.ReadLabel(path).Ids;
            int kept = 0;
            PngWriter.WriteLabel(path, new Core.LabelMap(72, 56, [.. ids.Select(id => id == 1 && kept++ > 20 ? (byte)0 : id)]));
        }

        Finding finding = Assert.Single(DataSetDoctor.Open(folder.Path).Examine().Findings, finding => finding.Code == "class-imbalance");
        string set = finding.Command!["--set ".Length..].Trim('"');
        RunConfig config = RunConfig.FromOptions(folder.Path, "t", [set]);
        ISegmentationDataSet data = DataSets.Open(folder.Path, "train");
        IReadOnlyList<double> given = ClassFrequencies.Weights(config.Train.Loss.ClassWeights, data)!;
        IReadOnlyList<double> rule = ClassFrequencies.Count(data).MedianFrequencyWeights();
        Assert.Equal(rule.Select(weight => Math.Round(weight, 4)), given);
    }
}
