namespace SegNeXt.Core.Tests.Classes;

public class LabelMappingTests
{
    [Fact]
    public void Ids_KnownValues_StayAsTheyAre()
    {
        LabelMap label = new(3, 1, [0, 4, 255]);
        LabelMapping.Ids(5).Apply(label, "a.png");
        Assert.Equal<byte>([0, 4, 255], label.Ids);
    }

    [Fact]
    public void Ids_255Classes_AllowsEveryValue() => Assert.All(Enumerable.Range(0, 256), value => Assert.True(LabelMapping.Ids(255).Allows((byte)value)));

    [Fact]
    public void ReduceZero_EveryValue_FollowsTheReleasedRule()
    {
        LabelMapping mapping = LabelMapping.ReduceZero(254);
        LabelMap label = new(256, 1, [.. Enumerable.Range(0, 256).Select(value => (byte)value)]);
        mapping.Apply(label, "a.png");
        Assert.Equal(Enumerable.Range(0, 256).Select(value => value is 0 or 255 ? (byte)255 : (byte)(value - 1)), label.Ids);
    }

    [Fact]
    public void Apply_ValueThatMustNotOccur_NamesFilePixelValueAndClasses()
    {
        InputException error = Assert.Throws<InputException>(() => LabelMappings.Ade20k.Apply(new LabelMap(2, 2, [0, 150, 255, 151]), "a.png"));
        Assert.Equal("a.png: pixel (1, 1) has the value 151, but there are 150 classes (1 to 150, 0 and 255 = ignored).", error.Message);
    }

    [Fact]
    public void Cityscapes_LabelIds_FollowTheOfficialTable()
    {
        Dictionary<int, int> table = new()
        {
            [7] = 0, [8] = 1, [11] = 2, [12] = 3, [13] = 4, [17] = 5, [19] = 6, [20] = 7, [21] = 8, [22] = 9, [23] = 10, [24] = 11,
            [25] = 12, [26] = 13, [27] = 14, [28] = 15, [31] = 16, [32] = 17, [33] = 18,
        };
        for (int value = 0; value < 256; value++)
        {
            Assert.True(LabelMappings.CityscapesLabelIds.Allows((byte)value));
            Assert.Equal(table.GetValueOrDefault(value, 255), LabelMappings.CityscapesLabelIds[(byte)value]);
        }
    }

    [Fact]
    public void CocoStuff_ElevenValues_AreNoClassAndTheRestIsRenumbered()
    {
        byte[] gaps = [11, 25, 28, 29, 44, 65, 67, 68, 70, 82, 90];
        int next = 0;
        for (int value = 0; value < 255; value++)
        {
            bool isClass = value < 182 && !gaps.Contains((byte)value);
            Assert.Equal(isClass, LabelMappings.CocoStuff.Allows((byte)value));
            Assert.Equal(isClass ? next++ : 255, LabelMappings.CocoStuff[(byte)value]);
        }

        Assert.Equal(171, next);
        Assert.True(LabelMappings.CocoStuff.Allows(255));

        // Spot checks by name: toothbrush ends the things, banner begins the stuff.
        Assert.Equal("toothbrush", SegmentationClasses.CocoStuff.Names[LabelMappings.CocoStuff[89]]);
        Assert.Equal("banner", SegmentationClasses.CocoStuff.Names[LabelMappings.CocoStuff[91]]);
        Assert.Equal("wood", SegmentationClasses.CocoStuff.Names[LabelMappings.CocoStuff[181]]);
    }

    [Theory]
    [InlineData(0, "background")]
    [InlineData(1, "background")]
    [InlineData(2, "aeroplane")]
    [InlineData(9, "bag")]
    [InlineData(23, "bicycle")]
    [InlineData(258, "motorbike")]
    [InlineData(284, "person")]
    [InlineData(427, "tvmonitor")]
    [InlineData(458, "wood")]
    [InlineData(459, "background")]
    public void PascalContext_IdOf459_IsTheClassOfItsName(int id, string name) =>
        Assert.Equal(name, SegmentationClasses.PascalContext60.Names[LabelMappings.PascalContextValue(id)]);

    [Fact]
    public void PascalContext_All459_FillEveryClass() =>
        Assert.Equal(Enumerable.Range(0, 60), Enumerable.Range(0, 460).Select(id => (int)LabelMappings.PascalContextValue(id)).Distinct().Order());

    [Fact]
    public void ColourMap_EveryColourOfIsaid_IsItsClass()
    {
        int[] palette = SegmentationClasses.Isaid.Palette;
        RgbImage picture = new(palette.Length, 1, [.. palette.SelectMany(c => new[] { (byte)(c >> 16), (byte)(c >> 8), (byte)c })]);
        Assert.Equal(Enumerable.Range(0, 16).Select(id => (byte)id), LabelMappings.Isaid.Colours!.Apply(picture, "a.png").Ids);
    }

    [Fact]
    public void ColourMap_UnknownColour_NamesFilePixelAndColour()
    {
        RgbImage picture = new(1, 2, [0, 0, 63, 0, 0, 64]);
        InputException error = Assert.Throws<InputException>(() => LabelMappings.Isaid.Colours!.Apply(picture, "a.png"));
        Assert.Equal("a.png: pixel (0, 1) has the colour (0, 0, 64), which is none of the 16 classes of isaid.", error.Message);
    }
}
