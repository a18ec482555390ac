namespace SegNeXt.Core.Tests;

public class NearestNameTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("train.lr", "train.lr", 0)]
    public void Errors_TwoTexts_CountsEdits(string a, string b, int expected)
    {
        Assert.Equal(expected, NearestName.Errors(a, b));
        Assert.Equal(expected, NearestName.Errors(b, a));
    }

    [Theory]
    [InlineData("--modle", "--model")]
    [InlineData("--mdoel", "--model")]
    [InlineData("--moodel", "--model")]
    [InlineData("--sizes", "--size")]
    [InlineData("--overlay", null)]
    [InlineData("-x", null)]
    [InlineData("", null)]
    public void Find_Options_FindsSlipsAndNothingElse(string word, string? expected) =>
        Assert.Equal(expected, NearestName.Find(word, ["--model", "--size", "--quiet", "-h"]));

    [Theory]
    [InlineData("lr", "train.lr")]
    [InlineData("eval.lr", "train.lr")]
    [InlineData("trian.batch", "train.batch")]
    [InlineData("data.batsch", "train.batch")]
    [InlineData("train.intervall", "eval.interval")]
    [InlineData("elephant", null)]
    public void Find_DottedKeys_FindsThoseOfAnotherSectionToo(string word, string? expected) =>
        Assert.Equal(expected, NearestName.Find(word, ["train.lr", "train.batch", "eval.interval"]));

    [Fact]
    public void Find_VeryLongName_IsNoSlip() => Assert.Null(NearestName.Find(new string('a', 1_000_000), ["train.lr"]));
}
