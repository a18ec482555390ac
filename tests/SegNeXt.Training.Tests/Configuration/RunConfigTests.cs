using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public sealed class RunConfigTests : IDisposable
{
    private const string Smallest = """
        model: { size: t }
        data: { root: somewhere }
        train: { iterations: 10, batch: 2, crop: 64x96, lr: 1e-3 }

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_SmallestFile_TakesOfficialDefaults()
    {
        RunConfig config = Load(Smallest);
        Assert.Equal("t", config.Model.Size);
        Assert.Equal(new ImageSize(64, 96), config.Train.Crop);
        Assert.Equal(1e-3, config.Train.LearningRate);
        Assert.Equal(new Betas(0.9, 0.999), config.Train.Betas);
        Assert.Equal(new RatioRange(0.5, 2.0), config.Train.RatioRange);
        Assert.Equal(0.01, config.Train.WeightDecay);
        Assert.Equal(1500, config.Train.WarmupIterations);
        Assert.Equal(new LossSettings(), config.Train.Loss);
        Assert.Equal(LossFormula.CrossEntropy, config.Train.Loss.Formula);
        Assert.Equal(LossAverage.All, config.Train.Loss.Average);
        Assert.Equal(ParameterGroups.Official, config.Train.ParameterGroups);
        Assert.True(config.Train.Photometric);
        Assert.Null(config.Model.Classes);
        Assert.Equal("val", config.EvalSplit);
    }

    [Fact]
    public void Load_EveryKeyChanged_IsReadAndWrittenAndReadAgain()
    {
        string[] sets =
        [
            "seed=7", "threads=2", "model.size=L", "model.classes=11", "model.drop_path=0.25", "model.init=../w: 1 #2 \"ä\" 🚗.pth",
            "data.type=camvid", "data.root=/data/cam vid", "data.train_split=trainval", "data.val_split=test",
            "train.iterations=123", "train.batch=12", "train.accumulate=3", "train.crop=100x200", "train.resize=2048x512",
            "train.ratio_range=[0.25, 3]", "train.cat_max_ratio=0.8", "train.flip=0", "train.photometric=false", "train.lr=0.00012345678901234567",
            "train.min_lr=1e-9", "train.power=0.9", "train.flat=0.5", "train.optimizer=muon", "train.warmup_iterations=0", "train.warmup_ratio=0.5", "train.weight_decay=0", "train.param_groups=plain",
            "train.head_lr_multiplier=4", "train.betas=[0.8, 0.95]", "train.clip_norm=35", "train.loss=ohem + 0.25*dice", "train.loss_average=valid",
            "train.class_weights=[1, 2.5, 0]", "train.ohem_threshold=null", "train.ohem_min_kept=77", "train.focal_gamma=1.5", "train.focal_alpha=0.25",
            "train.dice_smooth=0", "train.dice_exponent=1", "train.lovasz_classes=all", "train.lovasz_per_image=true",
            "train.activation_checkpointing=blocks", "train.precision=bf16", "train.tf32=on", "train.deterministic=true",
            "train.channels_last=false", "train.kernels=libtorch", "train.workers=3", "train.cache=0", "train.fast_decode=true", "train.ema=0.99", "train.early_stop=3",
            "train.early_stop_delta=0.01", "train.sampler=class_balanced", "train.sampler_threshold=0.2", "train.freeze=stage2",
            "train.norm_eval=true", "train.rank_timeout=30", "train.schedule=cosine",
            "pretrain.epochs=2.5", "pretrain.warmup_epochs=0.5", "pretrain.eval_epochs=2", "pretrain.holdout=0.1", "pretrain.holdout_seed=3", "pretrain.sizes=[96, 128]",
            "pretrain.crop_scale=[0.35, 0.9]", "pretrain.crop_ratio=[0.5, 2]", "pretrain.randaugment=null", "pretrain.randaugment_std=0", "pretrain.randaugment_layers=1",
            "pretrain.color_jitter=0.4", "pretrain.erase=0", "pretrain.mixup=0.2", "pretrain.cutmix=0.5", "pretrain.mix_probability=0.5",
            "pretrain.switch_probability=0.25", "pretrain.label_smoothing=0", "pretrain.eval_crop=1", "pretrain.eval_size=144",
            "eval.interval=33", "eval.split=nr 1", "eval.mode=slide", "eval.crop=64x65",
            "eval.stride=32x33", "eval.resize=1024x768", "eval.multiple=32", "eval.scales=[0.5, 1.25]", "eval.flip=true", "checkpoint.interval=11", "log.interval=1", "model.decoder=nl",
            "model.decoder_stages=[2, 4]", "model.decoder_channels=64", "model.attention=msca", "model.branches=[7, 21]", "model.channel_mixing=false", "model.gating=false",
        ];
        Assert.Equal(ConfigKeys.All.Select(key => key.Name).Order(), sets.Select(set => set[..set.IndexOf('=', StringComparison.Ordinal)]).Order());
        RunConfig config = RunConfig.Load(Write("a.yaml", Smallest), sets);

        RunConfig again = Load(config.ToYaml());

        Assert.Equal(config, again);
        Assert.Equal(config.ToYaml(), again.ToYaml());
        Assert.Equal("../w: 1 #2 \"ä\" 🚗.pth", again.Model.Init);
        Assert.Equal(new ImageSize(Height: 512, Width: 2048), again.Train.Resize);
        Assert.Equal(new ImageSize(Height: 768, Width: 1024), again.Eval.Resize);
        Assert.Equal(0.00012345678901234567, again.Train.LearningRate);
        RunConfig defaults = Load(Smallest);
        foreach (ConfigKey key in ConfigKeys.All.Where(key => key.Name is not "model.attention"))
        {
            Assert.NotEqual(key.Format(defaults), key.Format(again));
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("yes: no")]
    [InlineData("- item")]
    [InlineData("a\"b\\c\td\r\ne")]
    [InlineData(" spaces ")]
    [InlineData("{x}")]
    [InlineData("[1")]
    [InlineData("#")]
    [InlineData("'")]
    [InlineData("街道/straße")]
    [InlineData("a\u0085b\u2028c\u00a0\u0007")]
    public void ToYaml_AwkwardText_ReadsBackTheSame(string root)
    {
        RunConfig config = Load(Smallest);
        config = config with { Data = config.Data with { Root = root } };
        Assert.Equal(config, Load(config.ToYaml()));
    }

    [Fact]
    public void Load_Sets_OverrideTheFileAndTheLastWins()
    {
        string path = Write("a.yaml", Smallest);
        RunConfig config = RunConfig.Load(path, ["train.lr=5e-4", "train.lr=2e-4", "model.init=null", "data.root='x y'"]);
        Assert.Equal(2e-4, config.Train.LearningRate);
        Assert.Null(config.Model.Init);
        Assert.Equal("x y", config.Data.Root);
    }

    [Fact]
    public void Load_NullInFile_TakesBackWhatTheBaseGave()
    {
        Write("base.yaml", "model: { init: a.pth, drop_path: 0.2 }");
        RunConfig config = Load("base: base.yaml\nmodel: { size: s, init: null, drop_path: }\n" + Smallest.Split('\n', 2)[1]);
        Assert.Null(config.Model.Init);
        Assert.Null(config.Model.DropPath);
    }

    [Fact]
    public void Load_Bases_MergeKeyByKeyInOrder()
    {
        Write("parts/deep/one.yaml", "train: { lr: 1, batch: 1, flip: 0.1 }\nseed: 1");
        Write("parts/two.yaml", "base: deep/one.yaml\ntrain: { batch: 2, power: 2 }");
        Write("three.yaml", "train: { power: 3 }");
        RunConfig config = Load("base: [parts/two.yaml, three.yaml]\n" + Smallest.Replace("batch: 2, ", "", StringComparison.Ordinal));
        Assert.Equal(1e-3, config.Train.LearningRate);
        Assert.Equal(2, config.Train.Batch);
        Assert.Equal(0.1, config.Train.Flip);
        Assert.Equal(3, config.Train.Power);
        Assert.Equal(1, config.Seed);
    }

    [Fact]
    public void Load_DottedKeysAndEmptySections_AreUnderstood()
    {
        RunConfig config = Load(Smallest + "train.flip: 0.25\neval:\n  # nothing\nlog:\n");
        Assert.Equal(0.25, config.Train.Flip);
    }

    [Fact]
    public void FromOptions_NoWeights_TrainsPlainAtAHighRate()
    {
        RunConfig config = RunConfig.FromOptions("some dir", "S", ["train.batch=4"]);
        Assert.Equal("s", config.Model.Size);
        Assert.Equal("some dir", config.Data.Root);
        Assert.Equal(4, config.Train.Batch);
        Assert.Equal((1e-3, ParameterGroups.Plain), (config.Train.LearningRate, config.Train.ParameterGroups));
        Assert.Equal(1e-3, config.Train.GroupOf("decode_head.conv_seg.weight", 4).Lr);
    }

    [Fact]
    public void FromOptions_WithWeights_TrainsAsThePaper()
    {
        RunConfig config = RunConfig.FromOptions("d", "t", ["model.init=mscan_t.pth"]);
        Assert.Equal((6e-5, ParameterGroups.Official), (config.Train.LearningRate, config.Train.ParameterGroups));
        Assert.Equal("head", config.Train.GroupOf("decode_head.conv_seg.weight", 4).Key);
        Assert.Equal(2e-4, RunConfig.FromOptions("d", "t", ["model.init=w.pth", "train.lr=2e-4"]).Train.LearningRate);
    }

    [Fact]
    public void ShippedConfigurations_EachOne_Loads()
    {
        string[] files = Directory.GetFiles(Path.Combine(TestPaths.Repository, "configs"), "*.yaml");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            RunConfig config = RunConfig.Load(file, []);
            Assert.Equal(config.Train.MinLearningRate, config.Train.CreateSchedule().Rate(config.Train.Iterations, config.Train.LearningRate), 1e-12);
        }
    }

    [Fact]
    public void CamvidT_IsTheDocumentedRecipe()
    {
        RunConfig config = RunConfig.Load(Path.Combine(TestPaths.Repository, "configs", "camvid-t.yaml"), []);
        Assert.Equal((1900, 8, 1e-3, 100), (config.Train.Iterations, config.Train.Batch, config.Train.LearningRate, config.Train.WarmupIterations));
        Assert.Equal(new ImageSize(Height: 256, Width: 320), config.Train.Crop);
        Assert.Equal(new ImageSize(Height: 360, Width: 480), config.Train.Resize);
        Assert.Equal(ParameterGroups.Plain, config.Train.ParameterGroups);
        Assert.Equal(DataSetType.CamVid, config.Data.Type);
    }

    [Fact]
    public void ToModelConfig_DropPathGiven_ReplacesTheSizesOwn()
    {
        Assert.Equal(0.3, new ModelSettings { Size = "l" }.ToModelConfig(11).Encoder.DropPathRate);
        ModelConfig model = new ModelSettings { Size = "l", DropPath = 0, Classes = 5 }.ToModelConfig(11);
        Assert.Equal((0.0, 5), (model.Encoder.DropPathRate, model.NumClasses));
    }

    private RunConfig Load(string yaml) => RunConfig.Load(Write("config.yaml", yaml), []);

    private string Write(string name, string yaml)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, yaml);
        return path;
    }
}
