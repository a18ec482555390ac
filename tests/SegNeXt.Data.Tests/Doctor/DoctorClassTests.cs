using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

public sealed class DoctorClassTests : IDisposable
{
    private readonly SickFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void AbsentClass_IsFound()
    {
        File.AppendAllText(_data.Path("classes.txt"), "tram\n");
        Assert.Contains("tram (id 3)", _data.Examine().ShouldOnlyHave("classes-absent", FindingSeverity.Warning).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassInValOnly_NamesItsFiles()
    {
        File.AppendAllText(_data.Path("classes.txt"), "tram\n");
        _data.ChangeLabels(id => id == 2 ? (byte)3 : id, only: "p26");
        Finding found = _data.Examine().ShouldOnlyHave("classes-val-only", FindingSeverity.Warning);
        Assert.Contains("tram", found.Summary, StringComparison.Ordinal);
        Assert.Equal(_data.LabelFile("val", "p26"), Assert.Single(found.Files).Path);
    }

    [Fact]
    public void ClassInTrainOnly_AndRare_AreNotes()
    {
        File.AppendAllText(_data.Path("classes.txt"), "tram\n");
        LabelMap label = SickFolder.Label(6);
        label.Ids[0] = 3;
        PngWriter.WriteLabel(_data.LabelFile("train", "p06"), label);
        DoctorReport report = _data.Examine();
        Assert.Contains("tram", report.ShouldHaveNote("classes-train-only").Summary, StringComparison.Ordinal);
        Finding rare = report.Find("rare-classes");
        Assert.Contains("tram (0.002 % of the pixels, 1 picture)", rare.Summary, StringComparison.Ordinal);
        Assert.Equal(_data.LabelFile("train", "p06"), Assert.Single(rare.Files).Path);
        Assert.Contains("train.class_weights=[", report.Find("class-imbalance").Command, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassList_WithFaults_IsReadAsFarAsItGoes()
    {
        File.WriteAllText(_data.Path("classes.txt"), "sky\nroad\nroad\n");
        DoctorReport report = _data.Examine();
        Assert.Contains("line 3", report.ShouldOnlyHave("class-list").Summary, StringComparison.Ordinal);
        Assert.Equal(3, report.Classes.Count);
    }

    [Fact]
    public void ClassNames_ThatDifferInCaseOnly_AreFound()
    {
        File.WriteAllText(_data.Path("classes.txt"), "sky\nroad\nRoad\n");
        Assert.Contains("'road' and 'Road'", _data.Examine().ShouldOnlyHave("class-names", FindingSeverity.Warning).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void NoClassList_IsANote()
    {
        File.Delete(_data.Path("classes.txt"));
        Assert.Contains("3 classes", _data.Examine().ShouldHaveNote("class-names-missing").Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void NumberOfClasses_OtherThanConfigured_IsFound()
    {
        Assert.Contains("set it to 3", _data.Examine(new DoctorOptions { Classes = 5 }).ShouldOnlyHave("class-count").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void CropLargerThanPictures_IsANote()
    {
        AugmentationOptions training = new() { CropHeight = 64, CropWidth = 64, ResizeBaseWidth = 0, ResizeBaseHeight = 0 };
        Finding found = _data.Examine(new DoctorOptions { Augmentation = training }).ShouldHaveNote("smaller-than-crop");
        Assert.Equal(24, found.Files.Count);
        Assert.Contains("train.crop=32x32", found.Remedy, StringComparison.Ordinal);
        DoctorReport enlarged = _data.Examine(new DoctorOptions { Augmentation = training with { ResizeBaseWidth = 96, ResizeBaseHeight = 72 } });
        Assert.DoesNotContain(enlarged.Findings, finding => finding.Code == "smaller-than-crop");
    }

    [Fact]
    public void CropFarSmallerThanPictures_IsANote()
    {
        AugmentationOptions training = new() { CropHeight = 8, CropWidth = 8, ResizeBaseWidth = 0, ResizeBaseHeight = 0 };
        Assert.Contains("3.7 % of a picture of 48×36", _data.Examine(new DoctorOptions { Augmentation = training }).ShouldHaveNote("larger-than-crop").Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void PictureInTwoSplits_IsFound_WhateverItsFile()
    {
        // The same pixels in another file format, under another name.
        File.Delete(_data.Image("val", "p28"));
        RgbImage image = ImageFile.ReadRgb(_data.Image("train", "p11"));
        PngWriter.WriteRgb(_data.Image("val", "p28"), image);
        Finding found = _data.Examine().ShouldOnlyHave("same-image-in-splits", FindingSeverity.Warning);
        Assert.Equal(new FindingFile(_data.Image("train", "p11"), "= images/val/p28.png"), Assert.Single(found.Files));

        // By their bytes where pixels are not decoded.
        _data.Examine(new DoctorOptions { Quick = true }).ShouldOnlyHave("same-image-in-splits", FindingSeverity.Warning);
    }

    [Fact]
    public void PictureTwiceInASplit_IsANote_WithTwoLabelsAWarning()
    {
        File.Copy(_data.Image("train", "p11"), _data.Image("train", "p12"), overwrite: true);
        Finding found = _data.Examine().ShouldOnlyHave("labels-conflict", FindingSeverity.Warning);
        Assert.Single(found.Files);
        File.Copy(_data.LabelFile("train", "p11"), _data.LabelFile("train", "p12"), overwrite: true);
        Assert.Single(_data.Examine().ShouldHaveNote("same-image-in-split").Files);
    }

    [Fact]
    public void NearlyTheSamePicture_InTwoSplits_IsANote()
    {
        RgbImage image = ImageFile.ReadRgb(_data.Image("train", "p11"));
        File.Delete(_data.Image("val", "p28"));
        File.WriteAllBytes(_data.Path("images", "val", "p28.jpg"), JpegWriter.Encode(image, 60));
        Finding found = _data.Examine().ShouldHaveNote("similar-images");
        Assert.Equal(new FindingFile(_data.Path("images", "val", "p28.jpg"), "like images/train/p11.png"), Assert.Single(found.Files));
    }

    [Fact]
    public void SameNameInTwoSplits_IsANote()
    {
        _data.Write("val", "p11", SickFolder.Picture(55), SickFolder.Label(5));
        Assert.Equal("also in val", Assert.Single(_data.Examine().ShouldHaveNote("same-name-in-splits").Files).Detail);
    }

    [Fact]
    public void ClassFolders_AreExamined()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 30; i++)
        {
            string to = Directory.CreateDirectory(folder.File(i < 24 ? "train" : "val", i % 2 == 0 ? "ants" : "bees")).FullName;
            PngWriter.WriteRgb(Path.Combine(to, $"{i}.png"), SickFolder.Picture(i));
        }

        DoctorReport sound = DataSetDoctor.Open(folder.Path).Examine();
        Assert.Empty(sound.Findings);
        Assert.Equal(["ants", "bees"], sound.Classes.Select(c => c.Name));
        Assert.Equal(new ClassShare(0.5, 3), sound.Classes[0].Splits[1]);

        File.Copy(folder.File("train", "bees", "1.png"), folder.File("val", "bees", "1.png"));
        File.WriteAllBytes(folder.File("train", "ants", "x.jpg"), [0xFF, 0xD8, 0xFF]);
        Directory.CreateDirectory(folder.File("train", "wasps"));
        PngWriter.WriteRgb(folder.File("train", "wasps", "w.png"), SickFolder.Picture(80));
        DoctorReport report = DataSetDoctor.Open(folder.Path).Examine();
        Assert.Equal(["damaged-images", "class-folders-differ", "same-image-in-splits"], report.Findings.Where(finding => finding.IsProblem).Select(finding => finding.Code));
    }

    [SkippableFact]
    public void CamVid_HasNotesOnly()
    {
        DoctorReport report = DataSetDoctor.Open(TestPaths.RequireShared("data", "camvid"), new DoctorOptions { Type = "CamVid" }).Examine();
        Finding imbalance = report.ShouldHaveNote("class-imbalance");

        // The weights that the data set's own README gives.
        Assert.Contains("[0.2794, 0.2018, 4.7889, 0.1491, 1, 0.4235, 3.8464, 1.9798, 0.789, 6.3847, 8.8193]", imbalance.Command, StringComparison.Ordinal);
        Assert.Equal((468, 468), (report.Images, report.Labels));
        Assert.Equal((0.17538, 366), (Math.Round(report.Classes[0].Splits[0].Share, 5), report.Classes[0].Splits[0].Images));
        Assert.Equal((0.02256, 101), (Math.Round(report.Classes[10].Splits[1].Share, 5), report.Classes[10].Splits[1].Images));
    }

    [SkippableTheory]
    [InlineData("ade20k", "images", 3)]
    [InlineData("coco-stuff", "images", 11)]
    [InlineData("voc2012/VOC2012", "JPEGImages", 2)]
    [InlineData("isaid", "train", 2)]
    public void SharedKnownDataSets_AreKnown_AndSound(string folder, string holds, int images)
    {
        string root = TestPaths.RequireShared(["data", .. folder.Split('/')]);
        Assert.True(Directory.Exists(Path.Combine(root, holds)));
        DoctorReport report = DataSetDoctor.Open(root).Examine();
        Assert.DoesNotContain(report.Findings, finding => finding.IsProblem);
        Assert.Equal((images, images), (report.Images, report.Examined));
        Assert.Equal(1, report.Classes.Sum(c => c.Share), 1e-9);
    }

    [Fact]
    public void KnownDataSet_StrangeValuesAndAMissingSplit_AreFound()
    {
        using TemporaryFolder folder = new();
        foreach (string part in new[] { "images", "annotations" })
        {
            Directory.CreateDirectory(folder.File(part, "training"));
        }

        LabelMap label = SickFolder.Label(0);
        label.Ids[3] = 200;
        PngWriter.WriteRgb(folder.File("images", "training", "a.png"), SickFolder.Picture(0));
        File.Move(folder.File("images", "training", "a.png"), folder.File("images", "training", "a.jpg"));
        PngWriter.WriteLabel(folder.File("annotations", "training", "a.png"), label);
        DoctorReport report = DataSetDoctor.Open(folder.Path).Examine();
        Assert.Equal("200 in 1 pixel", Assert.Single(report.Find("ids-out-of-range").Files).Detail);
        Assert.Contains("val", report.Find("split-unusable").Summary, StringComparison.Ordinal);

        // 0 is ignored there, so 1 and 2 are the classes 0 and 1.
        Assert.Equal([true, true, false], report.Classes.Take(3).Select(c => c.Images == 1));
    }

    [SkippableFact]
    public void SharedBadPairs_AreAllFound()
    {
        DoctorReport report = DataSetDoctor.Open(TestPaths.RequireShared("data", "bad-images", "pairs"), new DoctorOptions { Classes = 11 }).Examine();
        Assert.Equal("out-of-range.png", Path.GetFileName(Assert.Single(report.Find("ids-out-of-range").Files).Path));
        Assert.Equal("size-mismatch.png", Path.GetFileName(Assert.Single(report.Find("size-differs").Files).Path));
    }

    [SkippableFact]
    public void SharedClassFolders_AreSound() =>
        Assert.DoesNotContain(DataSetDoctor.Open(TestPaths.RequireShared("data", "hymenoptera-sample")).Examine().Findings, finding => finding.IsProblem);
}
