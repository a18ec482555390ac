using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>Section <c>model</c>: which network is trained.</summary>
public sealed record ModelSettings
{
    /// <summary><c>model.size</c>: t, s, b or l (paper, Table 2).</summary>
    public string Size { get; init; } = "t";

    /// <summary><c>model.decoder</c>: <c>ham</c>, the paper's.</summary>
    public string Decoder { get; init; } = "ham";

    /// <summary><c>model.classes</c>: number of classes, or null for the data set's.</summary>
    public int? Classes { get; init; }

    /// <summary><c>model.drop_path</c>: largest drop-path rate in [0, 1), or null for the size's own.</summary>
    public double? DropPath { get; init; }

    /// <summary><c>model.init</c>: weights to start from (the encoder's or all), or null for random ones.</summary>
    public string? Init { get; init; }

    /// <summary>The model for a data set.</summary>
    /// <param name="dataSetClasses">The data set's number of classes, used where <see cref="Classes"/> is null.</param>
    /// <exception cref="InputException">The number of classes is out of range.</exception>
    public ModelConfig ToModelConfig(int dataSetClasses)
    {
        ModelConfig config = ModelConfig.Preset(Size, Classes ?? dataSetClasses);
        return DropPath is double rate ? config with { Encoder = config.Encoder with { DropPathRate = rate } } : config;
    }
}
