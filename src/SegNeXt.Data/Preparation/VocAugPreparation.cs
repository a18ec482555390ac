using System.Text;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// The labels of SBD (Hariharan et al., 2011) as PNG files in <c>SegmentationClassAug</c>, and the lists <c>aug</c> and <c>trainaug</c>
/// (<c>voc_aug.py</c> of the released code): what SBD labels but VOC 2012 has neither in <c>train</c> nor in <c>val</c>, and that with
/// <c>train</c>.
/// </summary>
public static class VocAugPreparation
{
    private const string Variable = "GTcls";
    private const string Field = "Segmentation";
    private static readonly string[] s_places = ["", "dataset", Path.Combine("benchmark_RELEASE", "dataset"), Path.Combine("VOCaug", "dataset")];

    /// <summary>Plans the conversion.</summary>
    /// <param name="root">The folder <c>VOC2012</c>, the <c>VOCdevkit</c> around it, or the folder around that.</param>
    /// <param name="sbd">The folder of SBD: <c>benchmark_RELEASE</c>, or the <c>dataset</c> in it with <c>cls/*.mat</c>, <c>train.txt</c> and <c>val.txt</c>.</param>
    /// <exception cref="InputException">A folder or list is missing.</exception>
    public static Preparation Create(string root, string sbd)
    {
        VocFolder folder = VocFolder.Find(root, VocDataSet.Year);
        FolderList.Require(sbd);
        string source = s_places.Select(place => Path.Combine(sbd, place)).FirstOrDefault(place => Directory.Exists(Path.Combine(place, "cls")))
            ?? throw new InputException($"{sbd}: has no folder dataset/cls; unpack benchmark.tgz of SBD and give its folder benchmark_RELEASE.");

        // The lists first: without them the conversion would be in vain.
        string[] own = folder.List(VocDataSet.Lists, "train", VocDataSet.ListRemedy);
        string[] held = folder.List(VocDataSet.Lists, "val", VocDataSet.ListRemedy);
        string[] all = [.. ReadList(Path.Combine(source, "train.txt")), .. ReadList(Path.Combine(source, "val.txt"))];
        string output = folder.File(VocDataSet.AugmentedLabels);
        SortedDictionary<string, string> files = new FileKind(Path.Combine(source, "cls"), "labels", ".mat").List();
        return files.Count > 0
            ? new Preparation(files.Select(file => Item(file.Key, file.Value, output)), [output], Lists)
            : throw new InputException($"{Path.Combine(source, "cls")}: there are no labels (.mat) in this folder.");

        IEnumerable<OutputFile> Lists(IReadOnlySet<string> done)
        {
            string[] aug = [.. all.Except(own).Except(held).Where(done.Contains).Order(StringComparer.Ordinal)];
            yield return List("aug", aug);
            yield return List("trainaug", own.Except(held).Concat(aug).Order(StringComparer.Ordinal));
        }

        OutputFile List(string name, IEnumerable<string> names) =>
            new(folder.ListFile(VocDataSet.Lists, name), Encoding.ASCII.GetBytes(string.Concat(names.Select(line => line + "\n"))));
    }

    private static PrepareItem Item(string name, string source, string folder) => PrepareItem.Single(
        name,
        Path.Combine(folder, name + ".png"),
        () => null,
        () => PngWriter.EncodeLabel(MatFile.Read(source, Variable, Field).ToLabel(
            source, value => value is >= 0 and < 21 or LabelMap.Ignore ? (byte)value : null, "21 classes (0 to 20, 255 = ignored)")));

    private static string[] ReadList(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            throw FileErrors.Wrap(path, e);
        }
    }
}
