using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

public sealed class DoctorFileTests : IDisposable
{
    private readonly SickFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void DamagedFiles_EveryOneIsNamed()
    {
        File.WriteAllBytes(_data.Image("train", "p00"), []);
        Cut(_data.Image("train", "p01"));
        File.WriteAllText(_data.Image("val", "p24"), "no picture at all");
        Cut(_data.LabelFile("train", "p05"));
        DoctorReport report = _data.Examine();
        Finding images = report.Find("damaged-images");
        Assert.Equal(["p00.png", "p01.png", "p24.png"], images.Files.Select(file => Path.GetFileName(file.Path)));
        Assert.Contains("empty", images.Files[0].Detail, StringComparison.Ordinal);
        Assert.Contains("incomplete", images.Files[1].Detail, StringComparison.Ordinal);
        Assert.True(images.NameAll);
        Assert.Equal(_data.LabelFile("train", "p05"), Assert.Single(report.Find("damaged-labels").Files).Path);
        Assert.Equal(2, report.Errors);
    }

    [Fact]
    public void Quick_ReadsHeadersOnly_ButAllLabels()
    {
        Cut(_data.Image("train", "p01"));
        Cut(_data.LabelFile("train", "p05"));
        Finding found = _data.Examine(new DoctorOptions { Quick = true }).ShouldOnlyHave("damaged-labels");
        Assert.Single(found.Files);
    }

    [Fact]
    public void Limit_LooksAtSomeOfEachSplit()
    {
        DoctorReport report = _data.Examine(new DoctorOptions { Limit = 3 });
        Assert.Equal((6, 30), (report.Examined, report.Images));
    }

    [Fact]
    public void LonelyFiles_AreCounted()
    {
        File.Delete(_data.LabelFile("train", "p03"));
        File.Delete(_data.Image("train", "p09"));
        File.Delete(_data.Image("train", "p10"));
        DoctorReport report = _data.Examine();
        Assert.Equal([_data.Image("train", "p03")], report.Find("images-without-label").Files.Select(file => file.Path));
        Assert.Equal(2, report.Find("labels-without-image").Files.Count);
        Assert.Equal(new SplitSummary("train", 22, 23, 21), report.Splits[0]);
    }

    [Theory]
    [InlineData("", "_mask", "end in '_mask'")]
    [InlineData("", "_gtFine_labelIds", "end in '_gtFine_labelIds'")]
    [InlineData("gt_", "", "begin with 'gt_'")]
    public void LabelNames_WithAnAffix_AreRecognised_AndTheRestIsExamined(string prefix, string suffix, string rule)
    {
        RenameLabels(name => prefix + name + suffix);
        _data.ChangeImageSize("train", "p02", 60, 36);
        DoctorReport report = _data.Examine();
        Finding[] names = [.. report.Findings.Where(finding => finding.Code == "pair-names")];
        Assert.Equal(2, names.Length);
        Assert.All(names, finding => Assert.Contains(rule, finding.Summary, StringComparison.Ordinal));
        Assert.Equal(24, names[0].Files.Count);
        Assert.Contains("mv \"$f\"", names[0].Command, StringComparison.Ordinal);
        Assert.Equal(["pair-names", "pair-names", "size-differs"], report.Findings.Where(finding => finding.IsProblem).Select(finding => finding.Code));
    }

    [Fact]
    public void LabelNames_OfAnotherCaseOrWord_AreRecognised()
    {
        RenameLabels(name => name.ToUpperInvariant());
        Assert.Contains(_data.Examine().Findings, finding => finding.Code == "pair-names" && finding.Summary.Contains("upper and lower case", StringComparison.Ordinal));
    }

    [Fact]
    public void LabelNames_BothWithWords_AreRecognised()
    {
        foreach (string name in SickFolder.Names("train"))
        {
            File.Move(_data.Image("train", name), _data.Image("train", name + "_sat"));
            File.Move(_data.LabelFile("train", name), _data.LabelFile("train", name + "_mask"));
        }

        Assert.Equal(24, _data.Examine().ShouldOnlyHave("pair-names").Files.Count);
    }

    [Fact]
    public void LabelsAmongThePictures_AreRecognised()
    {
        foreach (string name in SickFolder.Names("train"))
        {
            File.Move(_data.LabelFile("train", name), _data.Image("train", name + "_label"));
        }

        DoctorReport report = _data.Examine();
        Assert.Equal(24, report.Find("labels-among-images").Files.Count);
        Assert.Equal(24, report.Find("images-without-label").Files.Count);
    }

    [Fact]
    public void ForeignFormats_AreNamedOnce()
    {
        File.Move(_data.Image("train", "p00"), _data.Path("images", "train", "p00.bmp"));
        File.Move(_data.LabelFile("train", "p01"), _data.Path("labels", "train", "p01.tif"));
        File.Move(_data.LabelFile("train", "p02"), _data.Path("labels", "train", "p02.json"));
        DoctorReport report = _data.Examine();
        Assert.Equal(["image-format", "label-outlines", "label-format"], report.Findings.Where(finding => finding.IsProblem).Select(finding => finding.Code));
        Assert.All(report.Findings.Where(finding => finding.IsProblem), finding => Assert.Single(finding.Files));
    }

    [Fact]
    public void TwoPicturesOfOneName_AreFound()
    {
        File.WriteAllBytes(_data.Path("images", "train", "p00.jpg"), JpegWriter.Encode(SickFolder.Picture(99)));
        Assert.Equal(2, _data.Examine().ShouldOnlyHave("two-of-one-name").Files.Count);
    }

    [Fact]
    public void WrongExtension_IsANote()
    {
        File.WriteAllBytes(_data.Image("train", "p00"), JpegWriter.Encode(SickFolder.Picture(0)));
        Assert.Equal("is a JPEG file", Assert.Single(_data.Examine().ShouldHaveNote("misnamed").Files).Detail);
    }

    [Theory]
    [InlineData(24, 18, "size-differs", "1/2 as large")]
    [InlineData(36, 48, "size-swapped", "exchanged")]
    public void SizesThatDiffer_AreExplained(int width, int height, string code, string words)
    {
        PngWriter.WriteLabel(_data.LabelFile("val", "p25"), SickFolder.Label(25, width, height));
        Finding found = _data.Examine().ShouldOnlyHave(code);
        Assert.Contains(words, found.Summary, StringComparison.Ordinal);
        Assert.Equal($"{width}×{height}, its picture 48×36", Assert.Single(found.Files).Detail);
    }

    [Fact]
    public void ExifRotation_IsToldFromOtherSizes()
    {
        Photo("p02", 6);
        Finding found = _data.Examine().ShouldOnlyHave("exif-rotated");
        Assert.Equal("48×36, its picture 36×48", Assert.Single(found.Files).Detail);
        Photo("p02", 3);
        Assert.Equal("orientation 3", Assert.Single(_data.Examine().ShouldHaveNote("exif-orientation").Files).Detail);
    }

    [Fact]
    public void MissingSplits_AreFound_WithTheNearestName()
    {
        Directory.Move(_data.Path("images", "val"), _data.Path("images", "valid"));
        Directory.Move(_data.Path("labels", "val"), _data.Path("labels", "valid"));
        Assert.Contains("Rename valid to val", _data.Examine().ShouldOnlyHave("split-missing").Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(_data.Examine(new DoctorOptions { ValSplit = "valid" }).Findings, finding => finding.IsProblem);
    }

    [Fact]
    public void EmptySplit_IsFound()
    {
        Directory.Delete(_data.Path("images", "val"), recursive: true);
        Directory.Delete(_data.Path("labels", "val"), recursive: true);
        Directory.CreateDirectory(_data.Path("images", "val"));
        Directory.CreateDirectory(_data.Path("labels", "val"));
        Assert.Contains("val", _data.Examine().ShouldOnlyHave("split-empty").Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void UnlabelledTestSplit_IsANote()
    {
        Directory.CreateDirectory(_data.Path("images", "test"));
        PngWriter.WriteRgb(_data.Image("test", "q"), SickFolder.Picture(77));
        Assert.Equal("images-without-label", _data.Examine().ShouldHaveNote("images-without-label").Code);
    }

    [Fact]
    public void OtherFolderNames_AreFound_AndTheRestIsExamined()
    {
        Directory.Move(_data.Path("labels"), _data.Path("masks"));
        DoctorReport report = _data.Examine();
        Assert.Contains("masks to labels", report.ShouldOnlyHave("layout-names").Remedy, StringComparison.Ordinal);
        Assert.Equal(30, report.Splits.Sum(split => split.Pairs));
    }

    [Fact]
    public void UndividedFolder_IsFound_AndExamined()
    {
        using TemporaryFolder other = new();
        Directory.Move(_data.Path("images", "train"), other.File("images"));
        Directory.Move(_data.Path("labels", "train"), other.File("labels"));
        DoctorReport report = DataSetDoctor.Open(other.Path).Examine();
        Assert.Equal("layout-no-splits", Assert.Single(report.Findings, finding => finding.IsProblem).Code);
        Assert.Equal(24, report.Examined);
    }

    [Fact]
    public void FewPictures_AreANote()
    {
        foreach (string name in SickFolder.Names("train").Skip(4))
        {
            File.Delete(_data.Image("train", name));
            File.Delete(_data.LabelFile("train", name));
        }

        Assert.Contains("4 pictures", _data.Examine().ShouldHaveNote("few-images").Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingLikeADataSet_IsRefused()
    {
        using TemporaryFolder empty = new();
        Assert.Contains("nothing in it looks like a data set", Assert.Throws<InputException>(() => DataSetDoctor.Open(empty.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<InputException>(() => DataSetDoctor.Open(empty.File("x"))).Message, StringComparison.Ordinal);
        File.WriteAllText(empty.File("f"), "");
        Assert.Contains("is a file", Assert.Throws<InputException>(() => DataSetDoctor.Open(empty.File("f"))).Message, StringComparison.Ordinal);
    }

    private static void Cut(string path)
    {
        byte[] data = File.ReadAllBytes(path);
        File.WriteAllBytes(path, data[..(data.Length / 2)]);
    }

    private void Photo(string name, int orientation)
    {
        File.Delete(_data.Image("train", name));
        byte[] jpeg = JpegWriter.Encode(SickFolder.Picture(2));
        File.WriteAllBytes(_data.Path("images", "train", name + ".jpg"), ExifBytes.Insert(jpeg, ExifBytes.Tiff(orientation)));
    }

    private void RenameLabels(Func<string, string> rename)
    {
        foreach (string split in new[] { "train", "val" })
        {
            foreach (string name in SickFolder.Names(split))
            {
                File.Move(_data.LabelFile(split, name), _data.LabelFile(split, rename(name)));
            }
        }
    }
}
