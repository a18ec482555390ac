namespace SegNeXt.Core.Tests;

public class VocColourMapTests
{
    [Fact]
    public void Colours_AreThoseOfTheDevelopmentKit()
    {
        int[] colours = VocColourMap.Colours;
        Assert.Equal(SegmentationClasses.Voc2012.Palette, colours[..21]);
        Assert.Equal(0xE0E0C0, colours[255]);
        Assert.Equal(256, colours.Distinct().Count());
    }
}
