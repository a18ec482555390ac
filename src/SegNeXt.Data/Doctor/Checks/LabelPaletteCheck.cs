namespace SegNeXt.Data;

/// <summary>Palette PNGs: whose indices count, and whether an index means the same in every file.</summary>
internal sealed class LabelPaletteCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        LabelFacts[] labels = [.. facts.IdLabels.Select(sample => sample.Label!).Where(label => label.Palette is not null)];
        if (labels.Length == 0)
        {
            yield break;
        }

        Dictionary<int, (int Index, string Path)> indexOf = [];
        List<FindingFile> differing = [];
        foreach (LabelFacts label in labels)
        {
            // The colour of an index may differ; one colour under two indices is what a palette made for each file alone gives.
            foreach ((byte index, _) in label.Values.Where(value => value.Value < label.Palette!.Length && value.Value != 255))
            {
                int colour = label.Palette![index];
                if (indexOf.TryGetValue(colour, out (int Index, string Path) first) && first.Index != index && first.Path != label.Path)
                {
                    differing.Add(new FindingFile(label.Path, $"{Say.Colour(colour)} is {index}, but {first.Index} in {facts.Short(first.Path)}"));
                    break;
                }

                indexOf.TryAdd(colour, (index, label.Path));
            }
        }

        if (differing.Count > 0)
        {
            yield return new Finding(
                FindingSeverity.Warning, "palettes-differ", $"The same colour has different indices in different labels ({Say.Count(differing.Count, "label")}); the index is the class id, so one class would have several ids.",
                "Save the labels again with one fixed palette for all; programs that choose a palette for each file number the colours as they come.", differing);
        }
        else
        {
            yield return new Finding(
                FindingSeverity.Note, "palette-labels", $"{Say.Count(labels.Length, "label has", "labels have")} a palette; the indices are the class ids, the colours do not matter.", "Nothing need be changed.", []);
        }
    }
}
