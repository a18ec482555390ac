using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public sealed class DoctorLabelTests : IDisposable
{
    private readonly SickFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void SoundData_NoProblem_CountsAll()
    {
        DoctorReport report = _data.Examine();
        Assert.DoesNotContain(report.Findings, finding => finding.IsProblem);
        Assert.Equal((30, 30, 30), (report.Images, report.Labels, report.Examined));
        Assert.Equal([new SplitSummary("train", 24, 24, 24), new SplitSummary("val", 6, 6, 6)], report.Splits);
        Assert.Equal(["sky", "road", "car"], report.Classes.Select(c => c.Name));
        Assert.Equal(1, report.Classes.Sum(c => c.Share), 1e-12);
        Assert.All(report.Classes, c => Assert.Equal((30, 24, 6), (c.Images, c.Splits[0].Images, c.Splits[1].Images)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BlackAndWhiteMasks_AreFound_AndRelabelPutsThemRight(bool listed)
    {
        if (listed)
        {
            File.WriteAllText(_data.Path("classes.txt"), "ground\ncar\n");
        }
        else
        {
            File.Delete(_data.Path("classes.txt"));
        }

        _data.ChangeLabels(id => id == 2 ? (byte)255 : (byte)0);
        Finding found = _data.Examine().ShouldOnlyHave("binary-masks");
        Assert.Equal(30, found.Files.Count);
        Assert.Contains("--relabel 255:1", found.Command, StringComparison.Ordinal);

        Relabel("255:1");
        DoctorReport report = _data.Examine();
        Assert.DoesNotContain(report.Findings, finding => finding.IsProblem);
        Assert.Equal(2, report.Classes.Count);
    }

    [Fact]
    public void SomeMasksWhite_OthersOnes_NamesTheWhiteOnes()
    {
        File.WriteAllText(_data.Path("classes.txt"), "ground\ncar\n");
        _data.ChangeLabels(id => id == 2 ? (byte)1 : (byte)0);
        _data.ChangeLabels(id => id == 1 ? (byte)255 : (byte)0, only: "p03");
        Finding found = _data.Examine().ShouldOnlyHave("binary-masks");
        Assert.Equal(_data.LabelFile("train", "p03"), Assert.Single(found.Files).Path);
    }

    [Fact]
    public void IgnoredBorders_OfTwoClasses_AreNoBinaryMasks()
    {
        File.WriteAllText(_data.Path("classes.txt"), "ground\ncar\n");
        _data.ChangeLabels(id => id == 2 ? (byte)255 : id);
        Assert.DoesNotContain(_data.Examine().Findings, finding => finding.IsProblem);
    }

    [Theory]
    [InlineData(true, FindingSeverity.Error)]
    [InlineData(false, FindingSeverity.Warning)]
    public void IdsFromOne_AreFound(bool listed, FindingSeverity severity)
    {
        if (!listed)
        {
            File.Delete(_data.Path("classes.txt"));
        }

        _data.ChangeLabels(id => (byte)(id + 1));
        Finding found = _data.Examine().ShouldOnlyHave("ids-from-one", severity);
        Assert.Contains("--relabel 1:0,2:1,3:2", found.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void BackgroundWithoutAName_IsFound()
    {
        File.WriteAllText(_data.Path("classes.txt"), "road\ncar\n");
        Finding found = _data.Examine().ShouldOnlyHave("ids-one-too-many");
        Assert.Contains("background", found.Remedy, StringComparison.Ordinal);
        Assert.Equal(30, found.Files.Count);
    }

    [Fact]
    public void OneStrayValue_NamesFileAndValue()
    {
        _data.ChangeLabels(id => id == 2 ? (byte)37 : id, only: "p05");
        Finding found = _data.Examine().ShouldOnlyHave("ids-out-of-range");
        FindingFile file = Assert.Single(found.Files);
        Assert.Equal(_data.LabelFile("train", "p05"), file.Path);
        Assert.StartsWith("37 in ", file.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void OneStrayValue_WithoutAList_IsAGap()
    {
        File.Delete(_data.Path("classes.txt"));
        _data.ChangeLabels(id => id == 2 ? (byte)37 : id, only: "p05");
        Finding found = _data.Examine().ShouldOnlyHave("ids-with-gaps", FindingSeverity.Warning);
        Assert.Single(found.Files);
        Assert.Contains("37:255", found.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesOverTheGreyScale_AreNumbered()
    {
        _data.ChangeLabels(id => (byte)(id * 100));
        Finding found = _data.Examine().ShouldOnlyHave("spread-ids");
        Assert.Contains("--relabel 0:0,100:1,200:2", found.Command, StringComparison.Ordinal);
        Relabel("0:0,100:1,200:2");
        Assert.DoesNotContain(_data.Examine().Findings, finding => finding.IsProblem);
    }

    [Fact]
    public void EvenStepsUpToWhite_CountWhiteAsAClass()
    {
        File.WriteAllText(_data.Path("classes.txt"), "a\nb\nc\n");
        _data.ChangeLabels(id => id == 0 ? (byte)0 : id == 1 ? (byte)128 : (byte)255);
        Assert.Contains("--relabel 0:0,128:1,255:2", _data.Examine().ShouldOnlyHave("spread-ids").Command, StringComparison.Ordinal);
    }

    [Fact]
    public void ColourMasks_OfAListedPalette_AreRecognised()
    {
        File.WriteAllText(_data.Path("classes.txt"), "sky\t#0000FF\nroad\t#808080\ncar\t#FF0000\n");
        _data.PaintLabels(id => id switch { 0 => 0x0000FF, 1 => 0x808080, _ => 0xFF0000 });
        Finding found = _data.Examine().ShouldOnlyHave("colour-masks");
        Assert.Contains("8-bit RGB", found.Summary, StringComparison.Ordinal);
        Assert.Contains("classes.txt", found.Summary, StringComparison.Ordinal);
        Assert.Contains("--relabel classes", found.Command, StringComparison.Ordinal);
        Relabel("classes");
        Assert.DoesNotContain(_data.Examine().Findings, finding => finding.IsProblem);
    }

    [Fact]
    public void ColourMasks_OfAKnownPalette_AreRecognised()
    {
        int[] camvid = SegmentationClasses.CamVid.Palette;
        _data.PaintLabels(id => id == 0 ? 0 : camvid[3 + id]);
        Finding found = _data.Examine().ShouldOnlyHave("colour-masks");
        Assert.Contains("palette of camvid", found.Summary, StringComparison.Ordinal);
        Assert.Contains("'camvid,#000000:255'", found.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void ColourMasks_OfNoPalette_ListTheColours()
    {
        _data.PaintLabels(id => 0x123456 + id);
        Finding found = _data.Examine().ShouldOnlyHave("colour-masks");
        Assert.Contains("#123456", found.Summary, StringComparison.Ordinal);
        Assert.Contains("#123458", found.Summary, StringComparison.Ordinal);
        Assert.Null(found.Command);
    }

    [Fact]
    public void GreySavedAsColours_IsFound()
    {
        _data.PaintLabels(id => id * 0x010101);
        Finding found = _data.Examine().ShouldOnlyHave("grey-as-rgb");
        Assert.Contains("0-2", found.Summary, StringComparison.Ordinal);
        Relabel("same");
        Assert.DoesNotContain(_data.Examine().Findings, finding => finding.IsProblem);
    }

    [Fact]
    public void JpegLabels_AreFound_WhateverTheyAreCalled()
    {
        File.WriteAllBytes(_data.LabelFile("train", "p02"), JpegWriter.Encode(SickFolder.Picture(2)));
        File.Delete(_data.LabelFile("train", "p03"));
        File.WriteAllBytes(_data.Path("labels", "train", "p03.jpg"), JpegWriter.Encode(SickFolder.Picture(3)));
        Finding found = _data.Examine().ShouldOnlyHave("jpeg-labels");
        Assert.Equal(["p02.png", "p03.jpg"], found.Files.Select(file => Path.GetFileName(file.Path)));
    }

    [Fact]
    public void SixteenBitLabels_WithHighBytes_AreFound()
    {
        PngBuilder png = new() { Width = SickFolder.Width, Height = SickFolder.Height, Depth = 16, ColorType = 0 };
        byte[] ids = SickFolder.Label(0).Ids;
        File.WriteAllBytes(_data.LabelFile("train", "p00"), png.Build((x, y, _) => ids[(y * SickFolder.Width) + x]));
        Assert.DoesNotContain(_data.Examine().Findings, finding => finding.IsProblem);

        File.WriteAllBytes(_data.LabelFile("train", "p01"), png.Build((x, y, _) => 1000 * ids[(y * SickFolder.Width) + x]));
        Finding found = _data.Examine().ShouldOnlyHave("16-bit-labels");
        Assert.Equal(_data.LabelFile("train", "p01"), Assert.Single(found.Files).Path);
    }

    [Fact]
    public void PaletteLabels_AreANote()
    {
        _data.ChangeLabels(id => id, palette: [0x0000FF, 0x808080, 0xFF0000]);
        Assert.Contains("indices", _data.Examine().ShouldHaveNote("palette-labels").Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void PalettesOfTheirOwn_AreFound()
    {
        _data.ChangeLabels(id => id, palette: [0x0000FF, 0x808080, 0xFF0000]);
        _data.ChangeLabels(id => (byte)(2 - id), only: "p07", palette: [0xFF0000, 0x808080, 0x0000FF]);
        Finding found = _data.Examine().ShouldOnlyHave("palettes-differ", FindingSeverity.Warning);
        Assert.Equal(_data.LabelFile("train", "p07"), Assert.Single(found.Files).Path);
    }

    [Fact]
    public void SmoothedLabels_AreFound()
    {
        RgbImage sharp = new(SickFolder.Width, SickFolder.Height, [.. SickFolder.Label(4).Ids.SelectMany(id => Enumerable.Repeat((byte)(id * 100), 3))]);
        RgbImage smooth = ImageResize.Bilinear(ImageResize.Bilinear(sharp, 31, 25), SickFolder.Width, SickFolder.Height);
        PngWriter.WriteLabel(_data.LabelFile("train", "p04"), new LabelMap(SickFolder.Width, SickFolder.Height, [.. smooth.Pixels.Where((_, i) => i % 3 == 0)]));
        Finding found = _data.Examine().ShouldOnlyHave("smoothed-labels");
        Assert.Equal(_data.LabelFile("train", "p04"), Assert.Single(found.Files).Path);
    }

    [Fact]
    public void AllIgnored_IsFound()
    {
        _data.ChangeLabels(_ => 255, only: "p08");
        Assert.Single(_data.Examine().ShouldOnlyHave("all-ignored", FindingSeverity.Warning).Files);
        _data.ChangeLabels(_ => 255);
        Assert.Equal(30, _data.Examine().ShouldOnlyHave("all-ignored").Files.Count);
    }

    [Fact]
    public void OneClassEverywhere_IsFound()
    {
        _data.ChangeLabels(_ => 1);
        Assert.Contains(_data.Examine().Findings, finding => finding is { Code: "one-class", Severity: FindingSeverity.Error });
    }

    private void Relabel(string map)
    {
        string target = _data.Path("new");
        List<string?> faults = [];
        Relabelling.Open(_data.Root, RelabelMap.Parse(map, _data.Root), target).Run(faults.Add);
        Assert.Equal(30, faults.Count(fault => fault is null));
        Directory.Delete(_data.Path("labels"), recursive: true);
        Directory.Move(Path.Combine(target, "labels"), _data.Path("labels"));
        Directory.Delete(target);
    }
}
