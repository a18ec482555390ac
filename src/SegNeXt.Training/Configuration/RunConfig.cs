using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>
/// All that decides a run: model, data, training, evaluation. Read from YAML by <see cref="Load"/>, with parts shared
/// through <c>base:</c> and single keys overridden; written again by <see cref="ToYaml"/>, every key of it. Two
/// configurations are equal when all their values are.
/// </summary>
public sealed record RunConfig
{
    /// <summary>Section <c>model</c>.</summary>
    public ModelSettings Model { get; init; } = new();

    /// <summary>Section <c>data</c>.</summary>
    public DataSettings Data { get; init; } = new();

    /// <summary>Section <c>train</c>.</summary>
    public TrainSettings Train { get; init; } = new();

    /// <summary>Section <c>pretrain</c>, which makes it the configuration of an image classifier; null for segmentation.</summary>
    public PretrainSettings? Pretrain { get; init; }

    /// <summary>Section <c>eval</c>.</summary>
    public EvalSettings Eval { get; init; } = new();

    /// <summary>Section <c>checkpoint</c>.</summary>
    public CheckpointSettings Checkpoint { get; init; } = new();

    /// <summary>Section <c>log</c>.</summary>
    public LogSettings Log { get; init; } = new();

    /// <summary><c>seed</c>: of every random generator of the run.</summary>
    public int Seed { get; init; }

    /// <summary><c>threads</c>: of the network's arithmetic; 0 for as many as the machine has cores.</summary>
    public int Threads { get; init; }

    /// <summary>The split that is evaluated: <c>eval.split</c>, or else <c>data.val_split</c>.</summary>
    public string EvalSplit => Eval.Split ?? Data.ValSplit;

    /// <summary>Reads a configuration file.</summary>
    /// <param name="path">The YAML file; <c>base:</c> in it names one or more files, relative to it, that it builds on.</param>
    /// <param name="sets">Overrides <c>key=value</c> with dotted keys, such as <c>train.lr=1e-3</c>; later ones win.</param>
    /// <returns>The complete configuration.</returns>
    /// <exception cref="InputException">
    /// A file is missing, is no YAML, or has an unknown or repeated key or an unusable value (named with file and line,
    /// an unknown key with the nearest known one); a base leads back to itself; a required key is missing.
    /// </exception>
    public static RunConfig Load(string path, IEnumerable<string> sets)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(sets);
        ConfigLayer layer = ConfigFiles.Read(path);
        layer.Override(ConfigLayer.FromSets(sets));
        return layer.Build(path);
    }

    /// <summary>
    /// The configuration of the short form <c>train --data DIR --model t</c>: crops of 512×512, batch 8, 4,000
    /// iterations. With weights to start from (<c>model.init</c> among the overrides) the paper's rate of 6e-5 and its
    /// parameter groups; without, one rate of 1e-3, which trains from random weights much faster.
    /// </summary>
    /// <param name="dataRoot">The data set's folder.</param>
    /// <param name="modelSize">t, s, b or l.</param>
    /// <param name="sets">Overrides as in <see cref="Load"/>.</param>
    /// <exception cref="InputException">The size or an override is unusable.</exception>
    public static RunConfig FromOptions(string dataRoot, string modelSize, IEnumerable<string> sets)
    {
        ArgumentNullException.ThrowIfNull(dataRoot);
        ArgumentNullException.ThrowIfNull(modelSize);
        ArgumentNullException.ThrowIfNull(sets);
        ConfigLayer overrides = ConfigLayer.FromSets(sets);
        ConfigLayer layer = ConfigLayer.FromOption("--data", "data.root", dataRoot);
        layer.Override(ConfigLayer.FromOption("--model", "model.size", modelSize));
        layer.Override(ConfigLayer.FromSets(
        [
            "train.iterations=4000", "train.batch=8", "train.crop=512x512", "eval.interval=500", "checkpoint.interval=500", "log.interval=10",
        ]));
        layer.Override(ConfigLayer.FromSets(overrides.HasValue("model.init")
            ? ["train.lr=6e-5", "train.param_groups=official", "train.warmup_iterations=400"]
            : ["train.lr=1e-3", "train.param_groups=plain", "train.warmup_iterations=100"]));
        layer.Override(overrides);
        return layer.Build("--data");
    }

    /// <summary>
    /// The configuration of the short form <c>pretrain --data DIR --model t</c>: 128×128, batch 16, 20 epochs from random
    /// weights with crops and flips as augmentation, as <c>configs/imagenette-t-20ep.yaml</c>; a tenth of the training pictures
    /// is held out where there is no folder <c>val</c>.
    /// </summary>
    /// <param name="dataRoot">The folder with <c>train/CLASS</c> and perhaps <c>val/CLASS</c>.</param>
    /// <param name="modelSize">t, s, b or l.</param>
    /// <param name="sets">Overrides as in <see cref="Load"/>.</param>
    /// <exception cref="InputException">The size or an override is unusable.</exception>
    public static RunConfig FromClassFolders(string dataRoot, string modelSize, IEnumerable<string> sets)
    {
        ArgumentNullException.ThrowIfNull(dataRoot);
        ArgumentNullException.ThrowIfNull(modelSize);
        ArgumentNullException.ThrowIfNull(sets);
        ConfigLayer layer = ConfigLayer.FromOption("--data", "data.root", dataRoot);
        layer.Override(ConfigLayer.FromOption("--model", "model.size", modelSize));
        layer.Override(ConfigLayer.FromSets(
        [
            "train.batch=16", "train.crop=128x128", "train.lr=2e-3", "train.betas=[0.9, 0.99]", "train.clip_norm=5", "train.schedule=cosine", "train.param_groups=matrices", "train.weight_decay=0.05",
            "train.warmup_ratio=0.01", "log.interval=20", "pretrain.epochs=20", "pretrain.warmup_epochs=1", "pretrain.eval_epochs=1",
            "pretrain.crop_scale=[0.35, 1]", "pretrain.randaugment=null", "pretrain.erase=0", "pretrain.mixup=0", "pretrain.cutmix=0",
        ]));
        if (!Directory.Exists(Path.Combine(dataRoot, "val")))
        {
            layer.Override(ConfigLayer.FromSets(["pretrain.holdout=0.1"]));
        }

        layer.Override(ConfigLayer.FromSets(sets));
        return layer.Build("--data");
    }

    /// <summary>How the run tests: the <c>eval</c> section as the test-time strategy's options.</summary>
    public TestOptions ToTestOptions()
    {
        TestOptions options = new()
        {
            Mode = Eval.Mode == EvalMode.Slide ? TestMode.Slide : TestMode.Whole,
            BoxWidth = Eval.Resize?.Width ?? 0,
            BoxHeight = Eval.Resize?.Height ?? 0,
            SizeDivisor = Eval.Multiple,
            Scales = [.. Eval.Scales],
            Flip = Eval.Flip,
            Threads = Threads,
        };
        return Eval is { Crop: { } crop, Stride: { } stride }
            ? options with { CropHeight = crop.Height, CropWidth = crop.Width, StrideHeight = stride.Height, StrideWidth = stride.Width }
            : options;
    }

    /// <summary>The configuration as YAML, every key with its value; <see cref="Load"/> reads it to an equal configuration.</summary>
    public string ToYaml() => ConfigYaml.Write(this);
}
