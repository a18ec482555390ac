using SegNeXt.Core;
using SegNeXt.Models;
using static SegNeXt.Training.ConfigKey;
using Range = SegNeXt.Training.ConfigKey.Range;

namespace SegNeXt.Training;

/// <summary>The table of all keys, in the order in which they are written.</summary>
internal static partial class ConfigKeys
{
    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        Integer("seed", 0, new(c => c.Seed, (c, v) => c with { Seed = v })),
        Integer("threads", 0, new(c => c.Threads, (c, v) => c with { Threads = v })),

        Required(Choice("model.size", [.. ModelConfig.PresetNames.Select(name => (name, name))], Model(m => m.Size, (m, v) => m with { Size = v }))),
        .. ModelKeys,
        OptionalInteger("model.classes", 1, 255, Model(m => m.Classes, (m, v) => m with { Classes = v })),
        OptionalNumber("model.drop_path", Range.BelowOne, Model(m => m.DropPath, (m, v) => m with { DropPath = v })),
        OptionalText("model.init", "the path of a weights file", Model(m => m.Init, (m, v) => m with { Init = v })),

        Choice("data.type", [.. Enum.GetValues<DataSetType>().Select(type => (type.ToString().ToLowerInvariant(), type))], Data(d => d.Type, (d, v) => d with { Type = v })),
        Required(Text("data.root", "the path of a folder", Data(d => d.Root, (d, v) => d with { Root = v }))),
        Text("data.train_split", "the name of a split", Data(d => d.TrainSplit, (d, v) => d with { TrainSplit = v })),
        Text("data.val_split", "the name of a split", Data(d => d.ValSplit, (d, v) => d with { ValSplit = v })),

        Required(Integer("train.iterations", 1, Train(t => t.Iterations, (t, v) => t with { Iterations = v }))),
        Required(Integer("train.batch", 1, Train(t => t.Batch, (t, v) => t with { Batch = v }))),
        Integer("train.accumulate", 1, Train(t => t.Accumulate, (t, v) => t with { Accumulate = v })),
        Required(Size("train.crop", Train(t => t.Crop, (t, v) => t with { Crop = v }))),
        OptionalBox("train.resize", Train(t => t.Resize, (t, v) => t with { Resize = v })),
        Pair("train.ratio_range", "[0.5, 2.0]", Range.Positive, Train(t => (t.RatioRange.Min, t.RatioRange.Max), (t, v) => t with { RatioRange = new(v.Item1, v.Item2) })),
        Number("train.cat_max_ratio", Range.Share, Train(t => t.CatMaxRatio, (t, v) => t with { CatMaxRatio = v })),
        Number("train.flip", Range.Share, Train(t => t.Flip, (t, v) => t with { Flip = v })),
        Flag("train.photometric", Train(t => t.Photometric, (t, v) => t with { Photometric = v })),
        Choice("train.optimizer", [("adamw", OptimizerKind.AdamW), ("muon", OptimizerKind.Muon)], Train(t => t.Optimizer, (t, v) => t with { Optimizer = v })),
        Required(Number("train.lr", Range.Positive, Train(t => t.LearningRate, (t, v) => t with { LearningRate = v }))),
        Number("train.min_lr", Range.NonNegative, Train(t => t.MinLearningRate, (t, v) => t with { MinLearningRate = v })),
        Number("train.power", Range.NonNegative, Train(t => t.Power, (t, v) => t with { Power = v })),
        Choice("train.schedule", [("poly", ScheduleKind.Poly), ("cosine", ScheduleKind.Cosine)], Train(t => t.Schedule, (t, v) => t with { Schedule = v })),
        Number("train.flat", Range.BelowOne, Train(t => t.Flat, (t, v) => t with { Flat = v })),
        Integer("train.warmup_iterations", 0, Train(t => t.WarmupIterations, (t, v) => t with { WarmupIterations = v })),
        Number("train.warmup_ratio", Range.Share, Train(t => t.WarmupRatio, (t, v) => t with { WarmupRatio = v })),
        Number("train.weight_decay", Range.NonNegative, Train(t => t.WeightDecay, (t, v) => t with { WeightDecay = v })),
        Choice("train.param_groups", [("official", ParameterGroups.Official), ("plain", ParameterGroups.Plain), ("matrices", ParameterGroups.Matrices)], Train(t => t.ParameterGroups, (t, v) => t with { ParameterGroups = v })),
        Number("train.head_lr_multiplier", Range.Positive, Train(t => t.HeadLearningRateMultiplier, (t, v) => t with { HeadLearningRateMultiplier = v })),
        Pair("train.betas", "[0.9, 0.999]", Range.BelowOne, Train(t => (t.Betas.First, t.Betas.Second), (t, v) => t with { Betas = new(v.Item1, v.Item2) })),
        OptionalNumber("train.clip_norm", Range.Positive, Train(t => t.ClipNorm, (t, v) => t with { ClipNorm = v })),
        .. LossKeys,
        Choice(
            "train.activation_checkpointing",
            [("none", ActivationCheckpointing.None), ("stages", ActivationCheckpointing.Stages), ("blocks", ActivationCheckpointing.Blocks)],
            Train(t => t.ActivationCheckpointing, (t, v) => t with { ActivationCheckpointing = v })),
        Choice("train.precision", [.. Precisions.All], Train(t => t.Precision, (t, v) => t with { Precision = v })),
        Choice("train.tf32", [("default", Tf32.Default), ("on", Tf32.On), ("off", Tf32.Off)], Train(t => t.Tf32, (t, v) => t with { Tf32 = v })),
        Flag("train.deterministic", Train(t => t.Deterministic, (t, v) => t with { Deterministic = v })),
        Choice("train.kernels", [("libtorch", KernelChoice.Libtorch), ("fused", KernelChoice.Fused)], Train(t => t.Kernels, (t, v) => t with { Kernels = v })),
        Flag("train.channels_last", Train(t => t.ChannelsLast, (t, v) => t with { ChannelsLast = v })),
        Integer("train.workers", 0, Train(t => t.Workers, (t, v) => t with { Workers = v })),
        Integer("train.cache", 0, Train(t => t.CacheMegabytes, (t, v) => t with { CacheMegabytes = v })),
        Flag("train.fast_decode", Train(t => t.FastDecode, (t, v) => t with { FastDecode = v })),
        OptionalNumber("train.ema", Range.BelowOne, Train(t => t.Ema, (t, v) => t with { Ema = v })),
        OptionalInteger("train.early_stop", 1, int.MaxValue, Train(t => t.EarlyStop, (t, v) => t with { EarlyStop = v })),
        Number("train.early_stop_delta", Range.Share, Train(t => t.EarlyStopDelta, (t, v) => t with { EarlyStopDelta = v })),
        Choice("train.sampler", [("uniform", Sampler.Uniform), ("class_balanced", Sampler.ClassBalanced)], Train(t => t.Sampler, (t, v) => t with { Sampler = v })),
        Number("train.sampler_threshold", Range.Share, Train(t => t.SamplerThreshold, (t, v) => t with { SamplerThreshold = v })),
        Choice("train.freeze", [("none", FrozenPart.None), ("stem", FrozenPart.Stem), ("stage1", FrozenPart.Stage1), ("stage2", FrozenPart.Stage2), ("stage3", FrozenPart.Stage3), ("encoder", FrozenPart.Encoder)], Train(t => t.Freeze, (t, v) => t with { Freeze = v })),
        Flag("train.norm_eval", Train(t => t.NormEval, (t, v) => t with { NormEval = v })),
        Integer("train.rank_timeout", 1, Train(t => t.RankTimeout, (t, v) => t with { RankTimeout = v })),

        .. PretrainKeys,

        Integer("eval.interval", 1, Eval(e => e.Interval, (e, v) => e with { Interval = v })),
        OptionalText("eval.split", "the name of a split", Eval(e => e.Split, (e, v) => e with { Split = v })),
        Choice("eval.mode", [("whole", EvalMode.Whole), ("slide", EvalMode.Slide)], Eval(e => e.Mode, (e, v) => e with { Mode = v })),
        OptionalSize("eval.crop", Eval(e => e.Crop, (e, v) => e with { Crop = v })),
        OptionalSize("eval.stride", Eval(e => e.Stride, (e, v) => e with { Stride = v })),
        OptionalBox("eval.resize", Eval(e => e.Resize, (e, v) => e with { Resize = v })),
        Integer("eval.multiple", 1, Eval(e => e.Multiple, (e, v) => e with { Multiple = v })),
        Numbers("eval.scales", "[0.5, 1.0, 1.5]", Range.Positive, Eval(e => e.Scales, (e, v) => e with { Scales = v })),
        Flag("eval.flip", Eval(e => e.Flip, (e, v) => e with { Flip = v })),

        Integer("checkpoint.interval", 1, Checkpoint(p => p.Interval, (p, v) => p with { Interval = v })),
        Integer("log.interval", 1, Log(l => l.Interval, (l, v) => l with { Interval = v })),
    ];

    /// <summary>The keys by their dotted names.</summary>
    public static IReadOnlyDictionary<string, ConfigKey> ByName { get; } = All.ToDictionary(key => key.Name, StringComparer.Ordinal);

    /// <summary>The names of the sections.</summary>
    public static IReadOnlySet<string> Sections { get; } = All.Select(key => key.Section).Where(s => s.Length > 0).ToHashSet(StringComparer.Ordinal);

    /// <summary>The error for a key that is in no table, with the nearest that is.</summary>
    /// <param name="origin">Where it stands.</param>
    /// <param name="name">Its dotted name.</param>
    public static InputException Unknown(string origin, string name)
    {
        IEnumerable<string> known = ByName.Keys.Concat(Sections).Append(ConfigFiles.BaseKey);
        string? nearest = NearestName.Find(name, known);
        if (nearest is not null)
        {
            return new InputException($"{origin}: unknown key '{name}'; did you mean '{nearest}'?");
        }

        string section = name[..Math.Max(0, name.LastIndexOf('.'))];
        return new InputException(Sections.Contains(section)
            ? $"{origin}: unknown key '{name}'; '{section}' has {string.Join(", ", All.Where(key => key.Section == section).Select(key => key.Name[(section.Length + 1)..]))}."
            : $"{origin}: unknown key '{name}'; the sections are {string.Join(", ", Sections)}.");
    }

    private static ConfigKey Required(ConfigKey key) => key with { Required = true };

    private static Lens<T> Model<T>(Func<ModelSettings, T> get, Func<ModelSettings, T, ModelSettings> set) =>
        new(config => get(config.Model), (config, value) => config with { Model = set(config.Model, value) });

    private static Lens<T> Data<T>(Func<DataSettings, T> get, Func<DataSettings, T, DataSettings> set) =>
        new(config => get(config.Data), (config, value) => config with { Data = set(config.Data, value) });

    private static Lens<T> Train<T>(Func<TrainSettings, T> get, Func<TrainSettings, T, TrainSettings> set) =>
        new(config => get(config.Train), (config, value) => config with { Train = set(config.Train, value) });

    private static Lens<T> Eval<T>(Func<EvalSettings, T> get, Func<EvalSettings, T, EvalSettings> set) =>
        new(config => get(config.Eval), (config, value) => config with { Eval = set(config.Eval, value) });

    private static Lens<T> Checkpoint<T>(Func<CheckpointSettings, T> get, Func<CheckpointSettings, T, CheckpointSettings> set) =>
        new(config => get(config.Checkpoint), (config, value) => config with { Checkpoint = set(config.Checkpoint, value) });

    private static Lens<T> Log<T>(Func<LogSettings, T> get, Func<LogSettings, T, LogSettings> set) =>
        new(config => get(config.Log), (config, value) => config with { Log = set(config.Log, value) });
}
