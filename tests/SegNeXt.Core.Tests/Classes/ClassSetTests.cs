using System.Text;
using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests.Classes;

public class ClassSetTests
{
    [Theory]
    [InlineData("camvid", 11, "Sky", "Bicyclist", 0x0080C0)]
    [InlineData("cityscapes", 19, "road", "bicycle", 0x770B20)]
    [InlineData("ade20k", 150, "wall", "flag", 0x5C00FF)]
    [InlineData("voc2012", 21, "background", "tvmonitor", 0x004080)]
    [InlineData("pascal-context-59", 59, "aeroplane", "wood", 0x1F00FF)]
    [InlineData("pascal-context-60", 60, "background", "wood", 0x1F00FF)]
    [InlineData("coco-stuff", 171, "person", "wood", 0x404000)]
    [InlineData("isaid", 16, "background", "harbor", 0x00649B)]
    public void Find_KnownSet_HasItsClasses(string name, int count, string first, string last, int lastColour)
    {
        ClassSet set = SegmentationClasses.Get(name.ToUpperInvariant());
        Assert.Equal(name, set.Name);
        Assert.Equal(count, set.Count);
        Assert.Equal(first, set.Names[0]);
        Assert.Equal(last, set.Names[^1]);
        Assert.Equal(lastColour, set.Palette[^1]);
        Assert.Equal(count, set.Names.Distinct().Count());
        Assert.All(set.Names, item => Assert.Equal(item.Trim(), item));
    }

    [Fact]
    public void Get_UnknownSet_ListsTheKnown()
    {
        Assert.Null(SegmentationClasses.Find("kitti"));
        Assert.Contains("cityscapes", Assert.Throws<InputException>(() => SegmentationClasses.Get("kitti")).Message, StringComparison.Ordinal);
    }

    // The palette of VOC's label files is a formula: the bits of the id, dealt to R, G, B from the top down.
    [Fact]
    public void Voc2012_Palette_IsTheFormula()
    {
        for (int id = 0; id < 21; id++)
        {
            int colour = 0;
            for (int bit = 0; bit < 8; bit++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    int set = (id >> ((3 * bit) + channel)) & 1;
                    colour |= set << (7 - bit + (8 * (2 - channel)));
                }
            }

            Assert.Equal(colour, SegmentationClasses.Voc2012.Palette[id]);
        }
    }

    [SkippableFact]
    public void Ade20k_Names_AreWordsOfTheOfficialListInOrder()
    {
        string[][] official = [.. File.ReadLines(TestPaths.RequireShared("data", "ade20k", "objectInfo150.txt"))
            .Skip(1)
            .Select(line => line.Split('\t')[^1].Split(',', StringSplitOptions.TrimEntries))];
        Assert.Equal(150, official.Length);
        Assert.All(official.Zip(SegmentationClasses.Ade20k.Names), pair => Assert.Contains(pair.Second, pair.First));
    }

    [Fact]
    public void Default_MostClasses_AreDistinctAndStable()
    {
        ClassSet all = ClassSet.Default(255);
        Assert.Equal(255, all.Palette.Distinct().Count());
        Assert.Equal("class 254", all.Names[254]);
        Assert.Equal(all.Palette[..12], ClassSet.Default(12).Palette);
        Assert.InRange(SmallestDistance(all.Palette, colour => colour), 14, 100);
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassSet.Default(256));
    }

    // Simulated protanopia and deuteranopia (Viénot, Brettel and Mollon 1999) leave the first colours apart.
    [Fact]
    public void Default_FirstEight_StayApartWithoutRedOrGreenCones()
    {
        int[] palette = ClassSet.Default(8).Palette;
        Assert.InRange(SmallestDistance(palette, colour => Simulate(colour, 0.11238, 0.88762, 0.00401, -0.00401)), 30, 255);
        Assert.InRange(SmallestDistance(palette, colour => Simulate(colour, 0.29275, 0.70725, -0.02234, 0.02234)), 30, 255);
    }

    [Fact]
    public void Of_Model_PrefersItsOwnNames()
    {
        ModelConfig config = ModelConfig.Preset("t", 2);
        Assert.Equal(ClassSet.Default(2).Names, ClassSet.Of(config).Names);
        ClassSet own = ClassSet.Of(config with { ClassNames = ["a", "b"], Palette = [1, 2] });
        Assert.Equal(["a", "b"], own.Names);
        Assert.Equal([1, 2], own.Palette);
    }

    [Fact]
    public void FromFile_NamesAndColours_AreReadInOrder()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("classes.txt");
        File.WriteAllText(path, "\uFEFFroad\t#804080\r\n traffic light \t 250, 170,30\r\nÄpfel\r\n\r\n", new UTF8Encoding(false));
        ClassSet set = ClassSet.FromFile(path);
        Assert.Equal("classes", set.Name);
        Assert.Equal(["road", "traffic light", "Äpfel"], set.Names);
        Assert.Equal([0x804080, 0xFAAA1E, ClassSet.Default(1).Palette[0]], set.Palette);
    }

    [Fact]
    public void FromFile_SomeColours_LeavesTheOthersDifferent()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("c.txt");
        File.WriteAllText(path, $"a\nb\t#{ClassSet.Default(1).Palette[0]:X6}\nc\n");
        Assert.Equal(3, ClassSet.FromFile(path).Palette.Distinct().Count());
    }

    [Theory]
    [InlineData("road\n\ncar", "line 2: has no class name")]
    [InlineData("road\ncar\nroad", "line 3: repeats the class 'road' of line 1")]
    [InlineData("road\t#80408", "line 1: has the colour '#80408'")]
    [InlineData("road\t1,2", "line 1: has the colour '1,2'")]
    [InlineData("road\t1,2,256", "line 1: has the colour")]
    [InlineData("road\tred", "line 1: has the colour 'red'")]
    [InlineData("ro\0ad", "line 1: holds a control character")]
    [InlineData("", "the file is empty")]
    public void FromFile_Unusable_NamesFileAndLine(string text, string fault)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("classes.txt");
        File.WriteAllText(path, text);
        string message = Assert.Throws<InputException>(() => ClassSet.FromFile(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromFile_NotAList_IsRefused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("latin1"), [0xC4, 0x70, 0x0A]);
        File.WriteAllLines(folder.File("many"), Enumerable.Range(0, 256).Select(i => $"{i}"));
        File.WriteAllBytes(folder.File("long"), new byte[2 << 20]);
        Assert.Contains("UTF-8", Fault("latin1"), StringComparison.Ordinal);
        Assert.Contains("256 classes", Fault("many"), StringComparison.Ordinal);
        Assert.Contains("too long", Fault("long"), StringComparison.Ordinal);
        Assert.Contains("no such file", Fault("absent"), StringComparison.Ordinal);
        Assert.Contains(folder.Path, Assert.Throws<InputException>(() => ClassSet.FromFile(folder.Path)).Message, StringComparison.Ordinal);

        string Fault(string name) => Assert.Throws<InputException>(() => ClassSet.FromFile(folder.File(name))).Message;
    }

    private static double SmallestDistance(int[] palette, Func<int, int> see)
    {
        int[] seen = [.. palette.Select(see)];
        return seen.SelectMany((x, i) => seen.Skip(i + 1).Select(y => Distance(x, y))).Min();
    }

    private static double Distance(int x, int y) => Math.Sqrt(
        Math.Pow((x >> 16) - (y >> 16), 2) + Math.Pow(((x >> 8) & 255) - ((y >> 8) & 255), 2) + Math.Pow((x & 255) - (y & 255), 2));

    private static int Simulate(int colour, double redFromRed, double redFromGreen, double blueFromRed, double blueFromGreen)
    {
        double r = Math.Pow((colour >> 16) / 255.0, 2.2);
        double g = Math.Pow(((colour >> 8) & 255) / 255.0, 2.2);
        double b = Math.Pow((colour & 255) / 255.0, 2.2);
        int yellow = Encode((redFromRed * r) + (redFromGreen * g));
        return (yellow << 16) | (yellow << 8) | Encode((blueFromRed * r) + (blueFromGreen * g) + b);

        static int Encode(double value) => (int)Math.Round(255 * Math.Pow(Math.Clamp(value, 0, 1), 1 / 2.2));
    }
}
