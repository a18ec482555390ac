using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>
/// Keeps a few validation images for the report, evenly spread over the data set: picture, truth and prediction in the
/// classes' colours.
/// </summary>
internal sealed class SampleWriter
{
    private const int Wanted = 6;
    private const int JpegQuality = 92;

    private readonly string _folder;
    private readonly ISegmentationDataSet _data;
    private readonly HashSet<int> _chosen;

    public SampleWriter(RunFolder run, ISegmentationDataSet data)
    {
        _folder = run.Samples;
        _data = data;
        _chosen = [.. Enumerable.Range(0, Wanted).Select(i => (int)((i + 0.5) * data.Count / Wanted))];
        OutputFolder.Create(_folder);
    }

    /// <summary>Writes the image's three pictures if it is one of the chosen.</summary>
    public void Take(int index, Sample sample, LabelMap prediction)
    {
        if (!_chosen.Contains(index))
        {
            return;
        }

        string name = _data.Name(index);
        JpegWriter.Write(File(name, "image.jpg"), sample.Image, JpegQuality);
        PngWriter.WriteLabel(File(name, "truth.png"), sample.Label, _data.Classes.Palette);
        PngWriter.WriteLabel(File(name, "prediction.png"), prediction, _data.Classes.Palette);
    }

    private string File(string name, string part) => Path.Combine(_folder, $"{name}_{part}");
}
