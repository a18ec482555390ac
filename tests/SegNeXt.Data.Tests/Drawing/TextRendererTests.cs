using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

/// <summary>The font is whole, sharp and measured as it is drawn.</summary>
public class TextRendererTests
{
    private static readonly char[] s_characters = [.. Enumerable.Range(33, 94).Concat(Enumerable.Range(0xA1, 95)).Select(i => (char)i)];

    [Fact]
    public void Font_AsciiAndLatin1_AreAllThere() =>
        Assert.All(s_characters, c => Assert.True(StrokeFont.Has(c), c.ToString()));

    [Theory]
    [InlineData(11)]
    [InlineData(40)]
    public void Draw_EveryCharacter_LooksLikeNoOther(double size)
    {
        TextRenderer text = new(size);
        // The hyphen that shows only at a line's end looks like the other.
        Dictionary<string, char> seen = [];
        foreach (char c in s_characters.Where(c => c != '\u00AD'))
        {
            string look = Convert.ToHexString(Render(text, c.ToString()).Pixels);
            Assert.True(seen.TryAdd(look, c), $"{c} looks like {seen[look]}");
        }

        Assert.DoesNotContain(Convert.ToHexString(new DrawingCanvas(60, 60).Image.Pixels), seen.Keys);
    }

    [Fact]
    public void Wrap_Text_KeepsItsWordsInLinesThatFit()
    {
        TextRenderer text = new(13);
        const string Words = "one two three four five six seven eight nine ten";
        foreach (int width in (int[])[60, 100, 150, 1000])
        {
            IReadOnlyList<string> lines = text.Wrap(Words, width);
            Assert.Equal(Words, string.Join(' ', lines));
            Assert.All(lines, line => Assert.InRange(text.Measure(line), 1, width));

            // No line had room for the next one's first word.
            Assert.All(lines.Zip(lines.Skip(1)), pair => Assert.True(text.Measure($"{pair.First} {pair.Second.Split(' ')[0]}") > width));
        }

        Assert.Single(text.Wrap(Words, 1000));
        Assert.Equal([""], text.Wrap("", 50));
        string[] shortened = [.. text.Wrap("a Donaudampfschifffahrtsgesellschaft b", 70)];
        Assert.Equal(("a", "b"), (shortened[0], shortened[2]));
        Assert.EndsWith("…", shortened[1]);
    }

    [Fact]
    public void Draw_UnknownCharacter_IsABox()
    {
        TextRenderer text = new(20);

        Assert.False(StrokeFont.Has('街'));
        Assert.Equal(Render(text, "街").Pixels, Render(text, "道").Pixels);
        Assert.NotEqual(Render(text, " ").Pixels, Render(text, "街").Pixels);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(17.3)]
    [InlineData(40)]
    public void Draw_UprightStroke_HasAColumnOfFullInk(double size)
    {
        TextRenderer text = new(size);
        RgbImage image = Render(text, "H");
        int row = 50 - text.CapHeight / 4;

        // The pen's left edge lies on a pixel's edge: white, then black, nothing between.
        int first = Enumerable.Range(0, 60).First(x => image.Pixels[(row * 60 + x) * 3] < 250);
        Assert.InRange(image.Pixels[(row * 60 + first) * 3], 0, 3);
    }

    [Fact]
    public void Draw_Text_StaysWithinItsMeasure()
    {
        TextRenderer text = new(16, bold: true);
        const string Words = "Jagged, fjord (weg)";
        DrawingCanvas canvas = new(300, 40);

        canvas.DrawText(Words, 10, 25, text, 0);

        int[] inked = [.. Enumerable.Range(0, 300).Where(x => Enumerable.Range(0, 40).Any(y => canvas.Image.Pixels[(y * 300 + x) * 3] < 250))];
        Assert.InRange(inked[0], 10, 14);
        Assert.InRange(inked[^1], 0, 10 + text.Measure(Words));
        Assert.Equal(text.Measure("ab"), text.Measure("a") + text.Measure("b"));
        Assert.Equal(0, text.Measure(""));
    }

    [Fact]
    public void DrawUpwards_Text_IsTheTextTurned()
    {
        TextRenderer text = new(18);
        DrawingCanvas level = new(80, 60);
        DrawingCanvas turned = new(60, 80);

        text.Draw(level, "Turn g", 5, 40, 0x123456);
        text.DrawUpwards(turned, "Turn g", 40, 75, 0x123456);

        for (int i = 0; i < 80 * 60; i++)
        {
            (int x, int y) = (i % 80, i / 80);
            Assert.Equal(level.Image.Pixels[i * 3], turned.Image.Pixels[((79 - x) * 60 + y) * 3]);
        }
    }

    [Fact]
    public void Fit_LongText_IsShortenedWithAnEllipsis()
    {
        TextRenderer text = new(14);
        int width = text.Measure("television rec");

        string fitted = text.Fit("television receiver", width);

        Assert.Equal("wall", text.Fit("wall", width));
        Assert.EndsWith("…", fitted, StringComparison.Ordinal);
        Assert.StartsWith("televis", fitted, StringComparison.Ordinal);
        Assert.InRange(text.Measure(fitted), 1, width);
    }

    [Theory]
    [InlineData(7.9)]
    [InlineData(double.NaN)]
    [InlineData(1e6)]
    public void Create_ImpossibleSize_IsRefused(double size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextRenderer(size));

    private static RgbImage Render(TextRenderer text, string words)
    {
        DrawingCanvas canvas = new(60, 60);
        canvas.DrawText(words, 5, 50, text, 0);
        return canvas.Image;
    }
}
