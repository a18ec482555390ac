namespace SegNeXt.Core.Tests;

public class LineBreaksTests
{
    [Theory]
    [InlineData("", new[] { "" })]
    [InlineData("one", new[] { "one" })]
    [InlineData("one two six", new[] { "one two", "six" })]
    [InlineData("one two ten six", new[] { "one two", "ten six" })]
    [InlineData("a longer-than-the-line b", new[] { "a", "longer-than-the-line", "b" })]
    [InlineData("longer-than-the-line", new[] { "longer-than-the-line" })]
    [InlineData("  a b  c d e", new[] { "  a b ", "c d e" })]
    public void Break_LinesOfSeven_TakeAsManyWordsAsFit(string text, string[] expected)
    {
        IReadOnlyList<string> lines = LineBreaks.Break(text, (line, _) => line.Length <= 7);
        Assert.Equal(expected, lines);
        Assert.Equal(text, string.Join(' ', lines));
    }

    [Fact]
    public void Break_LinesOfTheirOwnLengths_AreAskedByTheirNumbers()
    {
        int[] lengths = [3, 7, 5];
        Assert.Equal(["one", "two six", "ten"], LineBreaks.Break("one two six ten", (line, number) => line.Length <= lengths[number]));
    }
}
