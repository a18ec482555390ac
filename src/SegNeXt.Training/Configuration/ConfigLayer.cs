using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>Keys with values, from one place or merged from several, not yet understood.</summary>
internal sealed class ConfigLayer
{
    private readonly Dictionary<string, ConfigEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Adds a key.</summary>
    /// <exception cref="InputException">The layer has it already.</exception>
    public void Add(ConfigEntry entry)
    {
        if (!_entries.TryAdd(entry.Key, entry))
        {
            throw new InputException($"{entry.Origin}: '{entry.Key}' is given twice, first at {_entries[entry.Key].Origin}.");
        }
    }

    /// <summary>Lays another layer on top: its keys win.</summary>
    public void Override(ConfigLayer other)
    {
        foreach (ConfigEntry entry in other._entries.Values)
        {
            _entries[entry.Key] = entry;
        }
    }

    /// <summary>Whether the key is here with a value other than null.</summary>
    public bool HasValue(string key) => _entries.TryGetValue(key, out ConfigEntry? entry) && !entry.Value.IsNull;

    /// <summary>A layer of one key, given by an option of its own.</summary>
    public static ConfigLayer FromOption(string option, string key, string text)
    {
        ConfigLayer layer = new();
        layer.Add(new ConfigEntry(key, ConfigValue.Scalar(text), option));
        return layer;
    }

    /// <summary>A layer of overrides <c>key=value</c>; the last of several for one key wins.</summary>
    /// <exception cref="InputException">One has no <c>=</c>, an unknown key, or a list that is not closed.</exception>
    public static ConfigLayer FromSets(IEnumerable<string> sets)
    {
        ConfigLayer layer = new();
        foreach (string set in sets)
        {
            string origin = $"--set {set}";
            int equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new InputException($"{origin}: expected key=value, such as train.lr=1e-3.");
            }

            string key = set[..equals].Trim();
            if (!ConfigKeys.ByName.ContainsKey(key))
            {
                throw key == ConfigFiles.BaseKey ? new InputException($"{origin}: '{key}' stands in files only.")
                    : ConfigKeys.Sections.Contains(key) ? new InputException($"{origin}: '{key}' is a section; name one of its keys, such as {ConfigKeys.All.First(k => k.Section == key).Name}.")
                    : ConfigKeys.Unknown(origin, key);
            }

            layer._entries[key] = new ConfigEntry(key, ConfigYaml.ReadValue(set[(equals + 1)..].Trim(), origin), origin);
        }

        return layer;
    }

    /// <summary>The configuration that the keys say.</summary>
    /// <param name="source">What to name where a key is missing.</param>
    /// <exception cref="InputException">A required key is missing, a value is unusable, or two contradict each other.</exception>
    public RunConfig Build(string source)
    {
        string[] missing = [.. ConfigKeys.All.Where(key => key.Required && !_entries.ContainsKey(key.Name) && !(key.Name == "train.iterations" && HasValue("pretrain.epochs"))).Select(key => key.Name)];
        if (missing.Length > 0)
        {
            throw new InputException($"{source}: {string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} missing; give {(missing.Length == 1 ? "it" : "them")} in the file or with --set.");
        }

        RunConfig config = new();
        foreach (ConfigKey key in ConfigKeys.All)
        {
            if (_entries.TryGetValue(key.Name, out ConfigEntry? entry))
            {
                config = key.Apply(config, entry);
            }
        }

        Check(config, source);
        return config;
    }

    private void Check(RunConfig config, string source)
    {
        // They are parts of MSCA, and that is one of MSCAN.
        bool isLargeKernel = config.Model.Attention != MscanConfig.Msca;
        string? part = config.Model.Branches.Count != MscanConfig.AllBranches.Count ? "model.branches"
            : !config.Model.ChannelMixing ? "model.channel_mixing"
            : !config.Model.Gating ? "model.gating"
            : null;
        if (part is not null && isLargeKernel)
        {
            throw new InputException($"{Origin(part, source)}: '{part}' belongs to 'model.attention' msca, not {config.Model.Attention}.");
        }

        if ((part ?? (isLargeKernel ? "model.attention" : null)) is { } ofMscan && ModelConfig.Preset(config.Model.Size, 1).Mscan is null)
        {
            throw new InputException($"{Origin(ofMscan, source)}: '{ofMscan}' belongs to SegNeXt's encoder MSCAN, not to {config.Model.Size}.");
        }

        if (config.Train.RatioRange.Min > config.Train.RatioRange.Max)
        {
            throw new InputException($"{Origin("train.ratio_range", source)}: 'train.ratio_range' must give the smaller number first.");
        }

        if (config.Pretrain is { } pretrain && (pretrain.CropScale.Min > pretrain.CropScale.Max || pretrain.CropRatio.Min > pretrain.CropRatio.Max))
        {
            string key = pretrain.CropScale.Min > pretrain.CropScale.Max ? "pretrain.crop_scale" : "pretrain.crop_ratio";
            throw new InputException($"{Origin(key, source)}: '{key}' must give the smaller number first.");
        }

        if (config.Eval.Mode == EvalMode.Slide)
        {
            if (config.Eval.Crop is not ImageSize crop || config.Eval.Stride is not ImageSize stride)
            {
                throw new InputException($"{Origin("eval.mode", source)}: 'eval.mode' slide needs 'eval.crop' and 'eval.stride'.");
            }

            if (stride.Height > crop.Height || stride.Width > crop.Width)
            {
                throw new InputException($"{Origin("eval.stride", source)}: 'eval.stride' {stride} is larger than 'eval.crop' {crop}, which would leave gaps.");
            }
        }
    }

    private string Origin(string key, string otherwise) => _entries.TryGetValue(key, out ConfigEntry? entry) ? entry.Origin : otherwise;
}
