using System.Text.Json;

namespace SegNeXt.Core.Tests;

public class ModelConfigJsonTests
{
    private const string Small = """{"encoder":{"embed_dims":[8,16,16,32],"depths":[1,1,1,1]},"decoder":{"channels":32,"ham_channels":32,"nmf_rank":16},"num_classes":7}""";

    public static TheoryData<ModelConfig> Configs =>
    [
        ModelConfig.Preset("t", 150),
        ModelConfig.Preset("l", 2) with { ClassNames = ["sky \"é\"", "road"], Palette = [0x00ff7f, 0x123456] },
        ModelConfig.Classifier("b"),
        new ModelConfig
        {
            Name = "mine",
            Encoder = new MscanConfig() { EmbedDims = [10, 3, 7, 9], Depths = [9, 1, 2, 3], MlpRatios = [1, 2, 3, 4], DropPathRate = 0.25 },
            Decoder = new() { Channels = 12, HamChannels = 6, NmfRank = 5, NmfTrainSteps = 0, NmfEvalSteps = 3, GroupNormGroups = 3, Dropout = 0, InputStages = [0, 3] },
            NumClasses = 1,
            Mean = [1, 2, 3],
            Std = [0.5, 1, 255],
        },
    ];

    [Theory]
    [MemberData(nameof(Configs))]
    public void Deserialize_OfSerialized_GivesTheSameConfig(ModelConfig config)
    {
        string json = ModelConfigJson.Serialize(config);

        ModelConfig back = ModelConfigJson.Deserialize(json, "x");

        Assert.Equivalent(config, back, strict: true);
        Assert.Equal(json, ModelConfigJson.Serialize(back));
    }

    [Fact]
    public void Serialize_Preset_HasSnakeCaseNames()
    {
        using JsonDocument json = JsonDocument.Parse(ModelConfigJson.Serialize(ModelConfig.Preset("s", 19) with { Palette = [.. Enumerable.Repeat(0x00ff7f, 19)] }));

        Assert.Equal("s", json.RootElement.GetProperty("name").GetString());
        Assert.Equal(64, json.RootElement.GetProperty("encoder").GetProperty("embed_dims")[0].GetInt32());
        Assert.Equal(16, json.RootElement.GetProperty("decoder").GetProperty("nmf_rank").GetInt32());
        Assert.Equal("#00ff7f", json.RootElement.GetProperty("palette")[3].GetString());
        Assert.False(json.RootElement.TryGetProperty("class_names", out _));
    }

    [Fact]
    public void Deserialize_FieldsLeftOut_TakesTheirDefaults()
    {
        ModelConfig config = ModelConfigJson.Deserialize(Small, "x");

        Assert.Equal("custom", config.Name);
        Assert.Equal([8, 8, 4, 4], config.Encoder.MlpRatios);
        Assert.Equal([1, 2, 3], config.Decoder!.InputStages);
        Assert.Equal(123.675, config.Mean[0]);
    }

    [Theory]
    [InlineData("\"num_classes\":7", "\"num_classes\":7,\"clases\":1", "unknown field 'clases'.")]
    [InlineData("\"nmf_rank\":16", "\"nmf_rank\":16,\"Rank\":1", "unknown field 'decoder.Rank'.")]
    [InlineData("\"num_classes\":7", "\"num_classes\":7,\"num_classes\":7", "the field 'num_classes' is given twice.")]
    [InlineData(",\"num_classes\":7", "", "the field num_classes is missing.")]
    [InlineData(",\"nmf_rank\":16", "", "the field decoder.nmf_rank is missing.")]
    [InlineData("\"depths\":[1,1,1,1]", "\"depths\":null", "the field encoder.depths is missing.")]
    [InlineData("\"num_classes\":7", "\"num_classes\":7,\"encoder\":{}", "the field 'encoder' is given twice.")]
    [InlineData("[8,16,16,32]", "[8,16,\"x\",32]", "the field 'encoder.embed_dims[2]' is of the wrong type or out of range.")]
    [InlineData("[8,16,16,32]", "[8,16,16.5,32]", "the field 'encoder.embed_dims[2]' is of the wrong type or out of range.")]
    [InlineData("\"num_classes\":7", "\"num_classes\":99999999999", "the field 'num_classes' is of the wrong type or out of range.")]
    [InlineData("\"num_classes\":7", "\"num_classes\":[]", "the field 'num_classes' is of the wrong type or out of range.")]
    [InlineData("\"num_classes\":7", "\"num_classes\":7,\"decoder\":5", "the field 'decoder' is given twice.")]
    [InlineData("\"num_classes\":7", "\"num_classes\":1,\"palette\":[\"red\"]", "palette holds 'red', but a colour is '#rrggbb'.")]
    [InlineData("\"num_classes\":7", "\"num_classes\":1,\"palette\":[null]", "palette holds 'null', but a colour is '#rrggbb'.")]
    [InlineData("\"num_classes\":7", "\"num_classes\":1,\"class_names\":[null]", "class_names holds null where a name was expected.")]
    [InlineData("\"num_classes\":7", "\"num_classes\":1,\"\\ud800\":1", "a text in it is not valid Unicode.")]
    [InlineData("\"num_classes\":7", "\"num_classes\":1,\"name\":\"\\ud800\"", "the field 'name' is of the wrong type or out of range.")]
    [InlineData("[8,16,16,32]", "[8,16,16,1000000]", "the field encoder.embed_dims is 1000000, more than 16384.")]
    [InlineData("[1,1,1,1]", "[1,1,1,100000]", "the field encoder.depths is 100000, more than 1024.")]
    [InlineData("\"nmf_rank\":16", "\"nmf_rank\":1000000000", "the field decoder.nmf_rank is 1000000000, more than 16384.")]
    public void Deserialize_BadField_NamesIt(string part, string replacement, string sentence)
    {
        string json = Small.Replace(part, replacement, StringComparison.Ordinal);

        InputException error = Assert.Throws<InputException>(() => ModelConfigJson.Deserialize(json, "w.safetensors"));

        Assert.Equal($"w.safetensors: model config: {sentence}", error.Message);
    }

    [Theory]
    [InlineData("[8,16,16,32]", "[8,16,16]", "Encoder.EmbedDims")]
    [InlineData("[8,16,16,32]", "[8,16,16,0]", "Encoder.EmbedDims")]
    [InlineData("[1,1,1,1]", "[1,-1,1,1]", "Encoder.Depths")]
    [InlineData("\"num_classes\":7", "\"num_classes\":0", "NumClasses")]
    [InlineData("\"num_classes\":7", "\"num_classes\":70000", "NumClasses")]
    [InlineData("\"num_classes\":7", "\"num_classes\":7,\"class_names\":[\"a\"]", "ClassNames")]
    [InlineData("\"num_classes\":7", "\"num_classes\":7,\"std\":[0,1,1]", "Std")]
    public void Deserialize_ContradictoryField_NamesFileAndField(string part, string replacement, string field)
    {
        string json = Small.Replace(part, replacement, StringComparison.Ordinal);

        InputException error = Assert.Throws<InputException>(() => ModelConfigJson.Deserialize(json, "w.safetensors"));

        Assert.StartsWith("w.safetensors: model config: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not valid JSON (line 1, byte 1).")]
    [InlineData("{\n  \"encoder\" 1}", "not valid JSON (line 2, byte 13).")]
    [InlineData("null", "an object was expected.")]
    [InlineData("[1]", "an object was expected.")]
    [InlineData("{} {}", "not valid JSON (line 1, byte 4).")]
    public void Deserialize_NotJson_SaysWhere(string json, string sentence)
    {
        InputException error = Assert.Throws<InputException>(() => ModelConfigJson.Deserialize(json, "w"));

        Assert.Equal($"w: model config: {sentence}", error.Message);
    }
}
