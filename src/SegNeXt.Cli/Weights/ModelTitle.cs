using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>A model in a few words.</summary>
internal static class ModelTitle
{
    /// <summary>Such as <c>SegNeXt-T, 150 classes</c>.</summary>
    /// <param name="config">The model.</param>
    public static string Of(ModelConfig config)
    {
        string size = ModelConfig.PresetNames.Contains(config.Name) ? "" : " of its own sizes";
        return string.Join(", ", [$"{config.Title}{size}", .. ModelVariant.Describe(config), $"{config.NumClasses} classes"]);
    }
}
