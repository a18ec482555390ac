using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests.Models;

public class ModelLayoutTests
{
    private static readonly ModelConfig s_tiny = Small([16, 32, 40, 64], [1, 1, 2, 1]);
    private static readonly ModelConfig s_nano = Small([8, 16, 16, 32], [1, 1, 1, 1]);

    [SkippableTheory]
    [InlineData("segnext_t_ade.safetensors", "t", 550)]
    [InlineData("tiny.safetensors", "tiny", 246)]
    [InlineData("nano.safetensors", "nano", 208)]
    public void Enumerate_GoldenModel_HasItsEntriesInOrder(string file, string model, int count)
    {
        List<string> expected = ReadEntries(TestPaths.RequireGolden(file));
        Assert.Equal(count, expected.Count);
        Assert.Equal(expected, ModelLayout.Enumerate(Config(model)).Select(Show));
    }

    [SkippableTheory]
    [InlineData("param_groups_t.csv", "t")]
    [InlineData("param_groups_tiny.csv", "tiny")]
    public void Enumerate_Parameters_AreThoseOfTheOfficialOptimizer(string file, string model)
    {
        string[] expected = [.. File.ReadLines(TestPaths.RequireGolden(file)).Skip(1).Select(line => line.Split(',')).Select(row => $"{row[1]} {row[2]}")];
        Assert.NotEmpty(expected);
        IEnumerable<string> ours = ModelLayout.Enumerate(Config(model))
            .Where(tensor => tensor.Kind == TensorKind.Parameter)
            .Select(tensor => $"{tensor.Name} {tensor.Shape.Aggregate(1L, (a, b) => a * b)}");
        Assert.Equal(expected, ours);
    }

    // Exact counts of the released models; the encoder's are without the classifier.
    [Theory]
    [InlineData("t", 4_263_414, 3_903_584)]
    [InlineData("s", 13_932_886, 13_450_176)]
    [InlineData("b", 27_636_310, 26_277_824)]
    [InlineData("l", 48_926_550, 44_636_864)]
    public void CountParameters_Presets_AreThoseOfTheReleasedModels(string size, long all, long encoder)
    {
        ModelConfig config = ModelConfig.Preset(size, 150);
        Assert.Equal(all, ModelLayout.CountParameters(config));
        Assert.Equal(encoder, ModelLayout.CountEncoderParameters(config));
        Assert.Equal(encoder, ModelLayout.CountEncoderParameters(ModelConfig.Classifier(size)));
    }

    // Paper, Table 2 (150 classes) and Table 3 (1000 classes), in millions. MSCAN-L with its classifier has 45 149 864
    // parameters; the printed 45.2 is that rounded twice, to 45.15 and then up.
    [Theory]
    [InlineData("t", "4.3", "4.2")]
    [InlineData("s", "13.9", "14.0")]
    [InlineData("b", "27.6", "26.8")]
    [InlineData("l", "48.9", "45.2")]
    public void CountParameters_Presets_RoundToThePapersTables(string size, string segmenter, string classifier)
    {
        Assert.Equal(segmenter, Print(ModelLayout.CountParameters(ModelConfig.Preset(size, 150))));
        Assert.Equal(classifier, Print(ModelLayout.CountParameters(ModelConfig.Classifier(size))));

        static string Print(long count)
        {
            decimal hundredths = Math.Round(count / 1e6m, 2, MidpointRounding.AwayFromZero);
            return Math.Round(hundredths, 1, MidpointRounding.AwayFromZero).ToString("0.0", CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void Enumerate_Classifier_HasEncoderNamesWithoutPrefixAndALinearHead()
    {
        ModelConfig classifier = s_nano with { Decoder = null, NumClasses = 20 };
        string[] names = [.. ModelLayout.Enumerate(classifier).Select(Show)];
        IEnumerable<string> encoder = ModelLayout.Enumerate(s_nano)
            .Where(tensor => tensor.Name.StartsWith(ModelLayout.BackbonePrefix, StringComparison.Ordinal))
            .Select(Show)
            .Select(entry => entry[ModelLayout.BackbonePrefix.Length..]);
        Assert.Equal([.. encoder, "head.weight F32 [20,32]", "head.bias F32 [20]"], names);
        Assert.Equal(197, names.Length);
    }

    [Fact]
    public void Enumerate_DecoderReadingStage1_WidensSqueeze()
    {
        ModelConfig config = s_nano with { Decoder = s_nano.Decoder! with { InputStages = [0, 1, 2, 3] } };
        Assert.Contains("decode_head.squeeze.conv.weight F32 [32,72,1,1]", ModelLayout.Enumerate(config).Select(Show));
    }

    [Fact]
    public void OptionalBases_Segmenter_IsOneBufferOfChannelsByRank()
    {
        TensorSpec bases = Assert.Single(ModelLayout.OptionalBases(ModelConfig.Preset("b", 150)));
        Assert.Equal("decode_head.hamburger.ham.bases F32 [1,512,64]", Show(bases));
        Assert.Equal(TensorKind.Buffer, bases.Kind);
        Assert.DoesNotContain(ModelLayout.Enumerate(ModelConfig.Preset("b", 150)), tensor => tensor.Name == bases.Name);
        Assert.Empty(ModelLayout.OptionalBases(ModelConfig.Classifier("b")));
    }

    [Fact]
    public void Enumerate_ContradictingConfig_NamesTheField()
    {
        AssertRefused("Encoder.EmbedDims", s_nano with { Encoder = s_nano.Encoder with { EmbedDims = [8, 16, 16] } });
        AssertRefused("Encoder.EmbedDims", s_nano with { Encoder = s_nano.Encoder with { EmbedDims = [7, 16, 16, 32] } });
        AssertRefused("Encoder.Depths", s_nano with { Encoder = s_nano.Encoder with { Depths = [1, 0, 1, 1] } });
        AssertRefused("Encoder.MlpRatios", s_nano with { Encoder = s_nano.Encoder with { MlpRatios = [8] } });
        AssertRefused("Encoder.DropPathRate", s_nano with { Encoder = s_nano.Encoder with { DropPathRate = double.NaN } });
        AssertRefused("Decoder.Channels", s_nano with { Decoder = s_nano.Decoder! with { Channels = 48 } });
        AssertRefused("Decoder.HamChannels", s_nano with { Decoder = s_nano.Decoder! with { HamChannels = 0 } });
        AssertRefused("Decoder.NmfRank", s_nano with { Decoder = s_nano.Decoder! with { NmfRank = 0 } });
        AssertRefused("Decoder.InputStages", s_nano with { Decoder = s_nano.Decoder! with { InputStages = [1, 4] } });
        AssertRefused("Decoder.InputStages", s_nano with { Decoder = s_nano.Decoder! with { InputStages = [2, 1] } });
        AssertRefused("Decoder.Type", s_nano with { Decoder = s_nano.Decoder! with { Type = "hamburger" } });
        AssertRefused("Decoder.HamChannels", s_nano with { Decoder = s_nano.Decoder! with { Type = "cc", GroupNormGroups = 1, HamChannels = 36 } });
        AssertRefused("Encoder.Attention", s_nano with { Encoder = s_nano.Mscan! with { Attention = "none" } });
        AssertRefused("Encoder.Branches", s_nano with { Encoder = s_nano.Mscan! with { Branches = [] } });
        AssertRefused("Encoder.Branches", s_nano with { Encoder = s_nano.Mscan! with { Branches = [11, 7] } });
        AssertRefused("Encoder.Branches", s_nano with { Encoder = s_nano.Mscan! with { Branches = [9] } });
        AssertRefused("Encoder.Branches", s_nano with { Encoder = s_nano.Mscan! with { Attention = "lka", Branches = [7] } });
        AssertRefused("Encoder.Gating", s_nano with { Encoder = s_nano.Mscan! with { Attention = "lka", Gating = false } });
        AssertRefused("NumClasses", s_nano with { NumClasses = 256 });
        AssertRefused("ClassNames", s_nano with { ClassNames = ["one"] });
        AssertRefused("Palette", s_nano with { Palette = [0] });
        AssertRefused("Mean", s_nano with { Mean = [1, 2] });
        AssertRefused("Std", s_nano with { Std = [1, 0, 1] });

        static void AssertRefused(string field, ModelConfig config) =>
            Assert.Contains(field, Assert.Throws<InputException>(() => ModelLayout.Enumerate(config)).Message, StringComparison.Ordinal);
    }

    private static ModelConfig Config(string name) => name switch
    {
        "tiny" => s_tiny,
        "nano" => s_nano,
        _ => ModelConfig.Preset(name, 150),
    };

    private static ModelConfig Small(int[] dims, int[] depths) => new()
    {
        Encoder = new MscanConfig { EmbedDims = dims, Depths = depths },
        Decoder = new DecoderConfig { Channels = 32, HamChannels = 32, NmfRank = 16 },
        NumClasses = 7,
    };

    private static string Show(TensorSpec tensor) => $"{tensor.Name} {tensor.DType} [{string.Join(',', tensor.Shape)}]";

    /// <summary>The entries of a safetensors header in the file's order, read apart from the code under test.</summary>
    private static List<string> ReadEntries(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, length));
        return [.. header.RootElement.EnumerateObject()
            .Where(entry => entry.Name != "__metadata__")
            .OrderBy(entry => entry.Value.GetProperty("data_offsets")[0].GetInt64())
            .Select(entry => $"{entry.Name} {entry.Value.GetProperty("dtype").GetString()} [{string.Join(',', entry.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()))}]")];
    }
}
