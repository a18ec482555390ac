using System.Text;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Pascal Context's annotations as PNG files of 59 classes and background in <c>SegmentationClassContext</c>, and the lists of its
/// splits. Two forms of them are read: <c>trainval_merged.json</c> of the Detail API, which the conversion of the released code
/// (<c>pascal_context.py</c>) takes, and the data set's first release, a folder of <c>.mat</c> files with a <c>LabelMap</c> of 459 classes.
/// </summary>
public static class ContextPreparation
{
    private const string Variable = "LabelMap";
    private const int MaxClass = 459;
    private const string JsonName = "trainval_merged.json";
    private static readonly string[] s_phases = ["train", "val"];
    private static readonly string[] s_places = ["", "trainval", Path.Combine("trainval", "trainval")];

    /// <summary>Plans the conversion.</summary>
    /// <param name="root">The folder <c>VOC2010</c>, the <c>VOCdevkit</c> around it, or the folder around that.</param>
    /// <param name="annotations">The JSON file, or the folder of the .mat files; null for <c>trainval_merged.json</c> in one of those folders.</param>
    /// <exception cref="InputException">A file or folder is missing or cannot be used.</exception>
    public static Preparation Create(string root, string? annotations = null)
    {
        VocFolder folder = VocFolder.Find(root, PascalContextDataSet.Year);
        string source = annotations ?? FindJson(root, folder);
        return File.Exists(source) ? FromJson(folder, source) : FromFolder(folder, source);
    }

    private static string FindJson(string root, VocFolder folder) =>
        new[] { folder.File(JsonName), Path.Combine(root, JsonName), Path.Combine(root, "VOCdevkit", JsonName) }.FirstOrDefault(File.Exists)
            ?? throw new InputException(
                $"{folder.Path}: there is no {JsonName} in it; get it, or trainval.tar.gz of the data set's first release, and name the file or the unpacked folder by --from.");

    private static Preparation FromJson(VocFolder folder, string path)
    {
        IReadOnlyList<ContextPicture> pictures = ContextJson.Read(path);
        return Plan(
            folder,
            pictures.Select(picture => Item(folder, picture.Name, () => picture.ToLabel(path))),
            phase => pictures.Where(picture => picture.Phase == phase).Select(picture => picture.Name));
    }

    private static Preparation FromFolder(VocFolder folder, string path)
    {
        FolderList.Require(path);
        string source = s_places.Select(place => Path.Combine(path, place)).FirstOrDefault(place => FolderList.HasFile(place, ".mat"))
            ?? throw new InputException($"{path}: there are no .mat files in this folder; unpack trainval.tar.gz of Pascal Context there.");

        // The data set's splits are those of VOC 2010.
        Dictionary<string, string[]> lists = s_phases.ToDictionary(
            phase => phase, phase => folder.List("Main", phase, "unpack VOCtrainval_03-May-2010.tar, which has it"));
        return Plan(
            folder,
            new FileKind(source, "labels", ".mat").List().Select(file => Item(
                folder,
                file.Key,
                () => MatFile.Read(file.Value, Variable).ToLabel(
                    file.Value,
                    value => value is >= 0 and <= MaxClass ? LabelMappings.PascalContextValue((int)value) : null,
                    $"{MaxClass} classes (1 to {MaxClass}, 0 = none)"))),
            phase => lists[phase]);
    }

    private static Preparation Plan(VocFolder folder, IEnumerable<PrepareItem> items, Func<string, IEnumerable<string>> split)
    {
        return new Preparation(items, [folder.File(PascalContextDataSet.Labels)], Lists);

        IEnumerable<OutputFile> Lists(IReadOnlySet<string> done) => s_phases.Select(phase => new OutputFile(
            folder.ListFile(PascalContextDataSet.Lists, phase),
            Encoding.UTF8.GetBytes(string.Concat(split(phase).Where(done.Contains).Order(StringComparer.Ordinal).Select(name => name + "\n")))));
    }

    private static PrepareItem Item(VocFolder folder, string name, Func<LabelMap> read)
    {
        string picture = folder.Image(name);
        return PrepareItem.Single(
            name,
            folder.File(PascalContextDataSet.Labels, name + ".png"),
            () => File.Exists(picture) ? ImageFile.ReadSize(picture) : null,
            () =>
            {
                LabelMap label = read();
                if (File.Exists(picture))
                {
                    DataSetCheck.RequireSameSize(picture, ImageFile.ReadSize(picture), $"in the annotations ({name})", (label.Width, label.Height));
                }

                return PngWriter.EncodeLabel(label);
            });
    }
}
