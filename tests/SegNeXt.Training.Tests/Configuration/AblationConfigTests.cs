using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

/// <summary>The configurations of the paper's Tables 5 to 8, by what they make.</summary>
public class AblationConfigTests
{
    private static readonly string s_folder = Path.Combine(TestPaths.Repository, "configs", "ablation");

    // Size, departures from the paper's own model, and the encoder's weights to start from.
    private static readonly Dictionary<string, (string Size, string Departures, string? Init)> s_table = new(StringComparer.Ordinal)
    {
        ["table5-b-cc"] = ("b", "decoder cc", "mscan_b.pth"),
        ["table5-b-ema"] = ("b", "decoder ema", "mscan_b.pth"),
        ["table5-b-nl"] = ("b", "decoder nl", "mscan_b.pth"),
        ["table6-t-branch7"] = ("t", "MSCA with branch 7 alone", "runs/table6-t-branch7-imagenet/best.safetensors"),
        ["table6-t-branch11"] = ("t", "MSCA with branch 11 alone", "runs/table6-t-branch11-imagenet/best.safetensors"),
        ["table6-t-branch21"] = ("t", "MSCA with branch 21 alone", "runs/table6-t-branch21-imagenet/best.safetensors"),
        ["table6-t-no-mixing"] = ("t", "MSCA without its 1×1 convolution", "runs/table6-t-no-mixing-imagenet/best.safetensors"),
        ["table6-t-no-attention"] = ("t", "MSCA without the attention product", "runs/table6-t-no-attention-imagenet/best.safetensors"),
        ["table7-t-a"] = ("t", "decoder mlp", "mscan_t.pth"),
        ["table7-t-b"] = ("t", "decoder on stage 4", "mscan_t.pth"),
        ["table7-t-b-aspp"] = ("t", "decoder aspp", "mscan_t.pth"),
        ["table7-t-b-psp"] = ("t", "decoder psp", "mscan_t.pth"),
        ["table7-t-b-da"] = ("t", "decoder da", "mscan_t.pth"),
        ["table7-t-c-stage1"] = ("t", "decoder on stages 1, 2, 3, 4", "mscan_t.pth"),
        ["table8-t-lka"] = ("t", "large-kernel attention in place of MSCA", "runs/table8-t-lka-imagenet/best.safetensors"),
        ["table8-s-lka"] = ("s", "large-kernel attention in place of MSCA", "runs/table8-s-lka-imagenet/best.safetensors"),
        ["appendix2-t-msca"] = ("t", "decoder msca", "mscan_t.pth"),
        ["appendix2-s-msca"] = ("s", "decoder msca", "mscan_s.pth"),
        ["appendix2-b-msca"] = ("b", "decoder msca", "mscan_b.pth"),
        ["appendix2-l-msca"] = ("l", "decoder msca", "mscan_l.pth"),
        ["camvid-small"] = ("t", "", null),
    };

    public static TheoryData<string> Names => [.. s_table.Keys];

    /// <summary>The encoders that are other than the paper's own, each with a run on ImageNet.</summary>
    public static TheoryData<string> Encoders => [.. OtherEncoders];

    private static IEnumerable<string> OtherEncoders => s_table.Keys.Where(name => name.StartsWith("table6", StringComparison.Ordinal) || name.StartsWith("table8", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Configuration_MakesTheVariantOfItsTable(string name)
    {
        RunConfig config = RunConfig.Load(Path.Combine(s_folder, name + ".yaml"), []);
        ModelConfig model = config.Model.ToModelConfig(150);
        Assert.Equal(s_table[name], (model.Name, string.Join("; ", ModelVariant.Describe(model)), config.Model.Init));
    }

    // But for the model, a variant is trained as the row that it is held against.
    [Theory]
    [MemberData(nameof(Names))]
    public void Configuration_OfAPaperTable_TrainsAsThePapersOwnRow(string name)
    {
        if (name == "camvid-small")
        {
            return;
        }

        RunConfig config = RunConfig.Load(Path.Combine(s_folder, name + ".yaml"), []);
        string data = name.StartsWith("appendix2", StringComparison.Ordinal) ? "cocostuff164k" : "ade20k";
        RunConfig own = RunConfig.Load(Path.Combine(s_folder, "..", $"{data}-{s_table[name].Size}.yaml"), []);
        Assert.Equal(own, config with { Model = own.Model });
    }

    // What a run on ADE20K starts from is what the run on ImageNet beside it makes.
    [Theory]
    [MemberData(nameof(Encoders))]
    public void Configuration_OfAnEncoderOnImageNet_IsTheEncoderOfTheRunThatFollows(string name)
    {
        RunConfig pretraining = RunConfig.Load(Path.Combine(s_folder, name + "-imagenet.yaml"), []);
        RunConfig own = RunConfig.Load(Path.Combine(s_folder, "..", $"imagenet-{s_table[name].Size}.yaml"), []);
        Assert.Equal(own, pretraining with { Model = own.Model });
        RunConfig following = RunConfig.Load(Path.Combine(s_folder, name + ".yaml"), []);
        Assert.Equal($"runs/{name}-imagenet/best.safetensors", following.Model.Init);
        Assert.Equivalent(following.Model.ToModelConfig(150).Encoder, pretraining.Model.ToModelConfig(1).Encoder, strict: true);
        Assert.Null(pretraining.Model.Init);
    }

    [Fact]
    public void Configurations_AreThoseOfTheTable_AndEachIsInTheReadme()
    {
        string[] names = [.. s_table.Keys, .. OtherEncoders.Select(name => name + "-imagenet")];
        Assert.Equal(names.Order(StringComparer.Ordinal), Directory.GetFiles(s_folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
        string readme = File.ReadAllText(Path.Combine(s_folder, "..", "README.md"));
        Assert.All(names, name => Assert.Contains($"`ablation/{name}.yaml`", readme, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("model.decoder=hamburger", "'model.decoder' must be ham, msca, cc, ema, nl, mlp, aspp, psp, da or null")]
    [InlineData("model.decoder_stages=[4, 2]", "'model.decoder_stages' must be an ascending list of whole numbers from 1 to 4")]
    [InlineData("model.decoder_stages=[0, 1]", "'model.decoder_stages' must be an ascending list of whole numbers from 1 to 4")]
    [InlineData("model.branches=[]", "'model.branches' must be a list of some of 7, 11 and 21")]
    [InlineData("model.branches=[9]", "'model.branches' must be a list of some of 7, 11 and 21")]
    public void Set_UnusableValue_IsRefusedWithWhatIsExpected(string set, string expected)
    {
        InputException error = Assert.Throws<InputException>(() => RunConfig.Load(Path.Combine(s_folder, "camvid-small.yaml"), [set]));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_PartOfMscaWithAnotherAttention_IsRefused()
    {
        InputException error = Assert.Throws<InputException>(() => RunConfig.Load(Path.Combine(s_folder, "table8-t-lka.yaml"), ["model.gating=false"]));
        Assert.Equal("--set model.gating=false: 'model.gating' belongs to 'model.attention' msca, not lka.", error.Message);
    }
}
