namespace SegNeXt.Training.Tests;

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

    [Fact]
    public void Find_NothingNear_ReturnsNull() => Assert.Null(NearestName.Find("elephant", ["train.lr", "train.batch"]));
}
