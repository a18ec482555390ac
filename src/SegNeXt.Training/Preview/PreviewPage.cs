using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>Writes a <see cref="TrainingPreview"/> as pictures, and a page that shows them and needs nothing else.</summary>
public sealed class PreviewPage
{
    /// <summary>The page's name in its folder.</summary>
    public const string FileName = "index.html";

    private const int WholeSheet = 1480;
    private const int LargestCell = 420;
    private const int SmallestCell = 240;

    private readonly RunConfig _config;
    private readonly ClassSet _classes;
    private readonly string _folder;
    private readonly List<(string File, string Name, int Width, int Height)> _sheets = [];

    /// <summary>Begins a page.</summary>
    /// <param name="folder">Where pictures and page go; made if need be.</param>
    /// <param name="config">The run's configuration.</param>
    /// <param name="classes">Names and colours.</param>
    /// <exception cref="InputException">The folder cannot be made.</exception>
    public PreviewPage(string folder, RunConfig config, ClassSet classes)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(classes);
        OutputFolder.Create(folder);
        _folder = folder;
        _config = config;
        _classes = classes;
    }

    /// <summary>Draws a sample's sheet and writes it as PNG.</summary>
    /// <param name="sample">The sample.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InputException">It cannot be written.</exception>
    public string Add(PreviewSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        RgbImage image = sample.Original.Image;
        SamplePicture[] pictures =
        [
            new("original", [Text($"{image.Width}×{image.Height}")], image, sample.Original.Label, image.Width, image.Height),
            .. sample.Draws.Select((draw, i) => new SamplePicture(
                i == 0 ? Text($"as sample {sample.Position + 1} of the run") : "another draw",
                PreviewText.Lines(sample.Original, draw, _config.Train), draw.Image, draw.Label,
                draw.Drawn.Window.Width, draw.Drawn.Window.Height, PreviewText.Frame(sample.Original, draw.Drawn))),
        ];
        RgbImage sheet = SampleSheet.Draw(sample.Name, pictures, _classes, Math.Clamp(WholeSheet / pictures.Length, SmallestCell, LargestCell));
        string file = Text($"sample-{_sheets.Count + 1:000}.png");
        string path = Path.Combine(_folder, file);
        PngWriter.WriteRgb(path, sheet);
        _sheets.Add((file, sample.Name, sheet.Width, sheet.Height));
        return path;
    }

    /// <summary>Writes the page over the pictures that were added.</summary>
    /// <param name="samples">Samples in the data set.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InputException">It cannot be written.</exception>
    public string Write(int samples)
    {
        TrainSettings train = _config.Train;
        Html body = new();
        foreach ((string file, string name, int width, int height) in _sheets)
        {
            body.Add($"<figure><a href=\"{file}\"><img src=\"{file}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\" alt=\"{name} and what augmentation makes of it\"></a></figure>\n");
        }

        string resize = train.Resize is { } box ? Text($"Pictures fitted into {box.Width}×{box.Height}") : "Pictures of their own size";
        string settings = Text($"{resize}, times {train.RatioRange.Min:0.##}–{train.RatioRange.Max:0.##}, crop {train.Crop.Height}×{train.Crop.Width} (rows × columns), one class at most {train.CatMaxRatio:0.##} of a crop, mirrored with probability {train.Flip:0.##}, colours {(train.Photometric ? "disturbed" : "as they are")}, seed {_config.Seed}");
        Html page = new();
        page.Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>What training sees</title>\n<style>\n");
        page.Raw("body{font:15px/1.5 system-ui,sans-serif;color:#1f2328;background:#eef1f4;margin:0;padding:24px}main{max-width:1560px;margin:auto}h1{font-size:24px;margin:0 0 4px}p{margin:4px 0 16px;color:#656d76;max-width:100ch}figure{margin:0 0 22px;background:#fff;border-radius:10px;box-shadow:0 1px 4px #0002;overflow:hidden}img{display:block;width:100%;height:auto}ul{list-style:none;padding:0;margin:0 0 20px;display:flex;flex-wrap:wrap;gap:4px 18px}li i{display:inline-block;width:13px;height:13px;border-radius:3px;margin-right:7px;vertical-align:-1px;box-shadow:inset 0 0 0 1px #0003}\n</style>\n</head>\n<body>\n<main>\n");
        page.Add($"<h1>What training sees</h1>\n<p>{_config.Data.Root}, split {_config.Data.TrainSplit}: {_sheets.Count} of {samples} samples, in the order of the run. {settings}. Frames on the original show where the draws are from; a grid of grey lines is padding, black and white stripes are ignored pixels (255).</p>\n");
        page.Add($"<ul>{Legend()}</ul>\n{body}</main>\n</body>\n</html>\n");
        string path = Path.Combine(_folder, FileName);
        AtomicFile.WriteText(path, page.ToString());
        return path;
    }

    private Html Legend()
    {
        Html list = new();
        for (int id = 0; id < _classes.Count; id++)
        {
            list.Add($"<li><i style=\"background:#{_classes.Palette[id].ToString("X6", CultureInfo.InvariantCulture)}\"></i>{id} {_classes.Names[id]}</li>");
        }

        return list;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
