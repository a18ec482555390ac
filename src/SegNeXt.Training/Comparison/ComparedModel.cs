using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>One of the models of a comparison, with what was found.</summary>
/// <param name="Name">What it is called in chart, table and pictures.</param>
/// <param name="Path">Its file.</param>
/// <param name="Config">What it is.</param>
/// <param name="Complexity">Parameters and multiply-adds at the size at which it was tested.</param>
/// <param name="Result">Its evaluation.</param>
/// <param name="Engine">What ran it: <c>managed</c> or <c>torch</c>.</param>
public sealed record ComparedModel(
    string Name, string Path, ModelConfig Config, ComplexityReport Complexity, EvaluationResult Result, string Engine)
{
    /// <summary>Models of one kind, which a chart joins by a line: the encoder's family and the decoder.</summary>
    public string Family => $"{Config.Encoder.Family} {Config.Decoder?.Type}";

    /// <summary>Pictures a second of the whole evaluation, reading and resizing included.</summary>
    public double ImagesPerSecond => Result.Images / Result.Seconds;
}

/// <summary>A picture of the split as every model of a comparison segments it, made small.</summary>
/// <param name="Name">What the data set calls it.</param>
/// <param name="Image">The picture.</param>
/// <param name="Truth">The truth, of the picture's size.</param>
/// <param name="Predictions">Each model's classes, of the picture's size, in the order of the models.</param>
/// <param name="MeanIoUs">Each model's mean IoU of this picture (<see cref="ImageScore"/>), from all of its pixels.</param>
public sealed record ComparedPicture(string Name, RgbImage Image, LabelMap Truth, IReadOnlyList<LabelMap> Predictions, IReadOnlyList<double> MeanIoUs);

/// <summary>Several models on one split.</summary>
/// <param name="Title">The data set's and the split's names.</param>
/// <param name="Classes">Names and colours.</param>
/// <param name="Height">Rows of the picture for which multiply-adds are counted.</param>
/// <param name="Width">Columns of it.</param>
/// <param name="Models">The models in the order in which they were named.</param>
/// <param name="Pictures">The pictures to be shown.</param>
public sealed record Comparison(
    string Title, ClassSet Classes, int Height, int Width, IReadOnlyList<ComparedModel> Models, IReadOnlyList<ComparedPicture> Pictures);
