using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>A model in a few words.</summary>
internal static class ModelTitle
{
    /// <summary>Such as <c>SegNeXt-T, 150 classes</c>.</summary>
    /// <param name="config">The model.</param>
    public static string Of(ModelConfig config)
    {
        string family = config.Decoder is null ? "MSCAN" : "SegNeXt";
        string size = ModelConfig.PresetNames.Contains(config.Name) ? $"-{config.Name.ToUpperInvariant()}" : " of its own sizes";
        return string.Join(", ", [$"{family}{size}", .. ModelVariant.Describe(config), $"{config.NumClasses} classes"]);
    }
}
