namespace SegNeXt.Core;

/// <summary>
/// Tells what model a weight file holds: from the config in its metadata, else from its names and shapes, with the
/// rest from a checkpoint's <c>meta</c>. Any channels and depths will do, not only those of SegNeXt-T, S, B and L.
/// </summary>
public static partial class ModelInspector
{
    /// <summary>Recovers the model and how the file names its tensors.</summary>
    /// <param name="source">A segmenter (<c>backbone.…</c>, <c>decode_head.…</c>), or an ImageNet classifier (<c>head.…</c>, no prefix).</param>
    /// <returns>The model; a classifier has no decoder.</returns>
    /// <exception cref="InputException">The file holds no model of the zoo; the message says what is missing.</exception>
    public static RecoveredModel Recover(ITensorSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        TensorNames names = TensorNames.Of(source);
        List<string> notes = [];
        ModelConfig config;
        if (source.Metadata.TryGetValue(ModelConfigJson.MetadataKey, out string? json))
        {
            config = ModelConfigJson.Deserialize(json, source.Path);
        }
        else
        {
            ShapeReader shapes = new(source, names);
            EncoderConfig encoder = shapes.Encoder();
            CheckpointMeta? meta = (source as PthFile)?.Meta;
            config = names.IsSegmenter ? Segmenter(shapes, encoder, meta, notes) : Classifier(shapes, encoder);
            config = WithClasses(config, meta, notes);
            ModelConfigLimits.Check(config, source.Path);
        }

        return new RecoveredModel { Config = config, NameMap = names.Map, Skipped = names.Skipped, Notes = notes };
    }

    /// <summary>Reads the sizes of the encoder alone, of a segmenter or a classifier.</summary>
    /// <param name="source">The file.</param>
    /// <exception cref="InputException">The file holds no encoder of a known family.</exception>
    public static EncoderConfig RecoverEncoder(ITensorSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        EncoderConfig encoder = new ShapeReader(source, TensorNames.Of(source)).Encoder();
        EncoderConfig? preset = ModelConfig.PresetNames.Select(size => ModelConfig.Preset(size, 1).Encoder).FirstOrDefault(candidate => SameSizes(candidate, encoder));
        return encoder with { DropPathRate = preset?.DropPathRate ?? encoder.DropPathRate };
    }

    /// <summary>
    /// The encoder's tensors for a segmenter: from <c>backbone.…</c> to their names in the file, which may be an
    /// ImageNet classifier's without that prefix. Decoder and classifier are not in it.
    /// </summary>
    /// <param name="source">The file.</param>
    /// <exception cref="InputException">The file holds no encoder of a known family.</exception>
    public static IReadOnlyDictionary<string, string> BackboneMap(ITensorSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        TensorNames names = TensorNames.Of(source);
        new ShapeReader(source, names).Encoder();
        Dictionary<string, string> map = new(StringComparer.Ordinal);
        foreach ((string name, string inFile) in names.Map)
        {
            if (name.StartsWith(names.EncoderPrefix, StringComparison.Ordinal) && TensorNames.IsEncoder(name[names.EncoderPrefix.Length..]))
            {
                map.Add(ModelLayout.BackbonePrefix + name[names.EncoderPrefix.Length..], inFile);
            }
        }

        return map;
    }

    private static ModelConfig Classifier(ShapeReader shapes, EncoderConfig encoder)
    {
        ModelConfig config = new() { Encoder = encoder, NumClasses = shapes.Size("head.weight", 2, 0) };
        foreach (string size in ModelConfig.PresetNames)
        {
            ModelConfig preset = ModelConfig.Classifier(size, config.NumClasses);
            if (SameSizes(preset.Encoder, encoder))
            {
                return preset with { Encoder = encoder with { DropPathRate = preset.Encoder.DropPathRate } };
            }
        }

        return config;
    }

    private static ModelConfig WithClasses(ModelConfig config, CheckpointMeta? meta, List<string> notes)
    {
        if (meta?.ClassNames is { } classes)
        {
            if (classes.Count == config.NumClasses)
            {
                config = config with { ClassNames = [.. classes] };
            }
            else
            {
                notes.Add($"The checkpoint names {classes.Count} classes, but its classifier has {config.NumClasses}; the names are left out.");
            }
        }

        if (meta?.Palette is { } palette)
        {
            if (palette.Count == config.NumClasses)
            {
                config = config with { Palette = [.. palette] };
            }
            else
            {
                notes.Add($"The checkpoint gives {palette.Count} colours, but its classifier has {config.NumClasses} classes; the colours are left out.");
            }
        }

        return config;
    }

    private static bool SameSizes(EncoderConfig a, EncoderConfig b) =>
        a.GetType() == b.GetType()
        && a.EmbedDims.AsSpan().SequenceEqual(b.EmbedDims)
        && a.Depths.AsSpan().SequenceEqual(b.Depths)
        && a.MlpRatios.AsSpan().SequenceEqual(b.MlpRatios)
        && (a is not MixTransformerConfig mit || mit.SrRatios.AsSpan().SequenceEqual(((MixTransformerConfig)b).SrRatios));
}
