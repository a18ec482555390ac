using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

/// <summary>The shipped configurations against the paper's and the released code's settings, written out here once more.</summary>
public class RecipesTests
{
    private static readonly string s_folder = Path.Combine(TestPaths.Repository, "configs");
    private static readonly string[] s_sizes = ["t", "s", "b", "l"];

    // Columns: data.type, classes, split, crop, batch, iterations, resize base WxH, sides a multiple of, slide or whole.
    private static readonly Dictionary<string, Recipe> s_table = new(StringComparer.Ordinal)
    {
        ["ade20k-?"] = new("Ade20k", 150, "train", 512, 16, 160_000, "2048x512", 32, false),
        ["cityscapes-?"] = new("Cityscapes", 19, "train", 1024, 8, 160_000, "2048x1024", 1, true),
        ["cocostuff164k-?"] = new("CocoStuff164k", 171, "train", 512, 16, 80_000, "2048x512", 32, false),
        ["voc2012-?-trainaug"] = new("Voc2012", 21, "trainaug", 512, 16, 80_000, "2048x512", 1, false),
        ["voc2012-?-trainval"] = new("Voc2012", 21, "trainval", 512, 16, 80_000, "2048x512", 1, false) { Init = "runs/voc2012-?-trainaug/best.safetensors" },
        ["voc2012-?-coco"] = new("CocoStuff164k", 171, "train", 512, 16, 600_000, "2048x512", 32, false),
        ["voc2012-?-coco-trainval"] = new("Voc2012", 21, "trainval", 512, 16, 40_000, "2048x512", 1, false) { Init = "runs/voc2012-?-coco/best.safetensors" },
        ["context59-?"] = new("Context59", 59, "train", 480, 16, 80_000, "520x520", 1, false),
        ["context60-?"] = new("Context60", 60, "train", 480, 16, 80_000, "520x520", 1, false),
        ["isaid-?"] = new("Isaid", 16, "train", 896, 16, 160_000, "896x896", 1, false),
    };

    public static TheoryData<string, string> Configurations
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string name in s_table.Keys)
            {
                foreach (string size in s_sizes)
                {
                    all.Add(name, size);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Configuration_HasTheSettingsOfTheTable(string name, string size)
    {
        Recipe expected = s_table[name];
        RunConfig config = Load(name, size);
        TrainSettings train = config.Train;
        Assert.Equal(expected.Type, config.Data.Type.ToString());
        Assert.Equal((expected.Split, "val"), (config.Data.TrainSplit, config.EvalSplit));
        Assert.Equal(new ImageSize(expected.Crop, expected.Crop), train.Crop);
        Assert.Equal((expected.Batch, expected.Iterations), (train.Batch * train.Accumulate, train.Iterations));
        Assert.Equal(expected.Base, $"{train.Resize!.Value.Width}x{train.Resize.Value.Height}");
        Assert.Equal((expected.Init ?? "mscan_?.pth").Replace("?", size, StringComparison.Ordinal), config.Model.Init);

        TestOptions test = config.ToTestOptions();
        test.Validate();
        Assert.Equal(expected.Base, $"{test.BoxWidth}x{test.BoxHeight}");
        Assert.Equal(expected.Multiple, test.SizeDivisor);
        Assert.Equal([1.0], test.Scales);
        Assert.False(test.Flip);
        Assert.Equal(expected.Slide ? TestMode.Slide : TestMode.Whole, test.Mode);
        if (expected.Slide)
        {
            Assert.Equal((1024, 1024, 768, 768), (test.CropHeight, test.CropWidth, test.StrideHeight, test.StrideWidth));
        }

        // The best weights are kept for the run that follows.
        Assert.True(config.Eval.Interval <= train.Iterations);
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Configuration_TrainsAsThePaperDoes(string name, string size)
    {
        RunConfig config = Load(name, size);
        TrainSettings train = config.Train;
        Assert.Equal((6e-5, 0.01, ParameterGroups.Official, 10), (train.LearningRate, train.WeightDecay, train.ParameterGroups, train.HeadLearningRateMultiplier));
        Assert.Equal(new Betas(0.9, 0.999), train.Betas);
        Assert.Equal((1500, 1e-6, 1.0, 0.0), (train.WarmupIterations, train.WarmupRatio, train.Power, train.MinLearningRate));
        Assert.Equal(new LossSettings(), train.Loss);
        Assert.Equal((LossFormula.CrossEntropy, LossAverage.All), (train.Loss.Formula, train.Loss.Average));
        Assert.Null(train.ClipNorm);
        Assert.Equal(new RatioRange(0.5, 2), train.RatioRange);
        Assert.Equal((0.75, 0.5, true), (train.CatMaxRatio, train.Flip, train.Photometric));
        ModelConfig model = config.Model.ToModelConfig(s_table[name].Classes);
        Assert.Equal((size, size == "l" ? 0.3 : 0.1), (model.Name, model.Encoder.DropPathRate));
        Assert.Equal((size is "t" or "s" ? 256 : size == "b" ? 512 : 1024, size is "t" or "s" ? 16 : 64), (model.Decoder!.HamChannels, model.Decoder.NmfRank));
    }

    [Fact]
    public void Configurations_AreThoseOfTheTable_AndEachIsInTheReadme()
    {
        string[] files = [.. Directory.GetFiles(s_folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => !name.StartsWith("camvid", StringComparison.Ordinal) && !name.StartsWith("segformer", StringComparison.Ordinal) && !name.StartsWith("imagenet", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(s_table.Keys.SelectMany(name => s_sizes.Select(size => name.Replace("?", size, StringComparison.Ordinal))).Order(StringComparer.Ordinal), files);
        string readme = File.ReadAllText(Path.Combine(s_folder, "README.md"));
        Assert.All(s_table.Keys, name => Assert.Contains($"`{name.Replace("?", "SIZE", StringComparison.Ordinal)}.yaml`", readme, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("t", 0.1)]
    [InlineData("s", 0.1)]
    [InlineData("b", 0.1)]
    [InlineData("l", 0.3)]
    public void Imagenet_IsDeitsRecipe(string size, double dropPath)
    {
        RunConfig config = Load("imagenet-?", size);
        (TrainSettings train, PretrainSettings pretrain) = (config.Train, config.Pretrain!);
        Assert.Null(config.Model.Init);
        Assert.Equal(dropPath, config.Model.ToModelConfig(10).Encoder.DropPathRate);
        Assert.Equal((1024, 1e-3, 0.05, ParameterGroups.Matrices, ScheduleKind.Cosine), (train.Batch * train.Accumulate, train.LearningRate, train.WeightDecay, train.ParameterGroups, train.Schedule));
        Assert.Equal((300, 5, new ImageSize(224, 224)), (pretrain.Epochs, pretrain.WarmupEpochs, train.Crop));
        Assert.Equal((9, 0.5, 2, 0.25, 0.0), (pretrain.RandAugment, pretrain.RandAugmentStd, pretrain.RandAugmentLayers, pretrain.Erase, pretrain.ColorJitter));
        Assert.Equal((0.8, 1, 1, 0.5, 0.1), (pretrain.Mixup, pretrain.Cutmix, pretrain.MixProbability, pretrain.SwitchProbability, pretrain.LabelSmoothing));
        Assert.Equal((0.08, 0.875), (pretrain.CropScale.Min, pretrain.EvalCrop));
    }

    [Theory]
    [InlineData(5, 224, 16, 0.72, 0.99)]
    [InlineData(20, 192, 32, 0.72, null)]
    [InlineData(80, 128, 32, 0, 0.999)]
    [InlineData(200, 128, 32, 0, 0.9995)]
    public void Imagenette_HoldsATenthOut(int epochs, int side, int batch, double flat, double? average)
    {
        RunConfig config = Load($"imagenette-?-{epochs}ep", "t");
        Assert.Equal((epochs, 0.1), (config.Pretrain!.Epochs, config.Pretrain.HoldOut));
        Assert.Equal((new ImageSize(side, side), batch), (config.Train.Crop, config.Train.Batch));
        Assert.Equal((ScheduleKind.Cosine, flat, average), (config.Train.Schedule, config.Train.Flat, config.Train.Ema));

        // What is seen of a picture of 144 px, at whichever size: 128 of them.
        Assert.Equal(128.0 / 144, config.Pretrain.EvalCrop, 1e-3);
    }

    // SegFormer's released configurations, local_configs/segformer/.
    [Theory]
    [InlineData("b0", 256)]
    [InlineData("b1", 256)]
    [InlineData("b2", 768)]
    [InlineData("b3", 768)]
    public void SegFormer_TrainsByItsOwnRecipe(string size, int width)
    {
        foreach ((string data, int classes, int batch, int crop) in new[] { ("ade20k", 150, 16, 512), ("cityscapes", 19, 8, 1024) })
        {
            RunConfig config = RunConfig.Load(Path.Combine(s_folder, $"segformer-{size}-{data}.yaml"), []);
            TrainSettings train = config.Train;
            Assert.Equal((6e-5, 0.01, 160_000, batch), (train.LearningRate, train.WeightDecay, train.Iterations, train.Batch * train.Accumulate));
            Assert.Equal((1500, 1e-6, 1.0, 0.0), (train.WarmupIterations, train.WarmupRatio, train.Power, train.MinLearningRate));
            Assert.Equal(new ImageSize(crop, crop), train.Crop);
            Assert.Equal($"mit_{size}.pth", config.Model.Init);
            ModelConfig model = config.Model.ToModelConfig(classes);
            Assert.Equal(($"segformer-{size}", DecoderTypes.Mlp, width, 0.1), (model.Name, model.Decoder!.Type, model.Decoder.Channels, model.Encoder.DropPathRate));

            Assert.Equal((6e-5, 0.0), Group("backbone.block1.0.attn.norm.weight"));
            Assert.Equal((6e-5, 0.0), Group("backbone.patch_embed1.norm.bias"));
            Assert.Equal((6e-5, 0.01), Group("backbone.block1.0.mlp.dwconv.dwconv.weight"));
            Assert.Equal((6e-4, 0.01), Group("decode_head.linear_fuse.bn.weight"));

            (double, double) Group(string name)
            {
                TensorSpec tensor = ModelLayout.Enumerate(model).Single(tensor => tensor.Name == name);
                (double rate, double decay, _) = train.GroupOf(name, tensor.Shape.Length);
                return (Math.Round(rate, 9), decay);
            }
        }

        Assert.Equal(8, Directory.GetFiles(s_folder, "segformer-*.yaml").Length);
    }

    [Fact]
    public void Configuration_WithoutInit_IsOneOverride() =>
        Assert.Null(RunConfig.Load(Path.Combine(s_folder, "ade20k-t.yaml"), ["model.init=null"]).Model.Init);

    [Theory]
    [InlineData("mscan_b.pth", "the encoder MSCAN-B trained on ImageNet")]
    [InlineData("mit_b0.pth", "the encoder MiT-B0 trained on ImageNet, released with SegFormer's code")]
    [InlineData("runs/voc2012-t-trainaug/best.safetensors", "a run in runs/voc2012-t-trainaug writes it")]
    [InlineData("other.pth", "there is no such file to start from")]
    public void InitialWeights_NotThere_SayWhereTheyComeFrom(string path, string expected)
    {
        InputException error = Assert.Throws<InputException>(() => InitialWeights.Require(path));
        Assert.StartsWith($"{path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Say where it is with --init FILE, or train from random weights with --set model.init=null.", error.Message, StringComparison.Ordinal);
    }

    private static RunConfig Load(string name, string size) =>
        RunConfig.Load(Path.Combine(s_folder, $"{name.Replace("?", size, StringComparison.Ordinal)}.yaml"), []);

    private sealed record Recipe(string Type, int Classes, string Split, int Crop, int Batch, int Iterations, string Base, int Multiple, bool Slide)
    {
        public string? Init { get; init; }
    }
}
