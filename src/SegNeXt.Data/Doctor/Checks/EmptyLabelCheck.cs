using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Labels from which nothing can be learnt: all ignored, or one class everywhere.</summary>
internal sealed class EmptyLabelCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        if (facts.IdLabels.Count == 0)
        {
            yield break;
        }

        SampleFacts[] ignored = [.. facts.IdLabels.Where(sample => sample.Label!.Values is [{ Value: LabelMap.Ignore }])];
        if (ignored.Length > 0)
        {
            bool all = ignored.Length == facts.IdLabels.Count;
            yield return new Finding(
                all ? FindingSeverity.Error : FindingSeverity.Warning, "all-ignored",
                all ? "Every label is 255 throughout: no pixel of the data set counts." : $"{Say.Count(ignored.Length, "label is", "labels are")} 255 throughout: no pixel of these pictures counts.",
                "Label these pictures, or take them out; if 255 is meant as a class, give it that class's id.", Say.Labels(ignored));
        }

        int[] classes = [.. Enumerable.Range(0, LabelMap.Ignore).Where(id => facts.ValuePixels[id] > 0)];
        if (classes.Length == 1 && !LabelValueCheck.LooksBinary(facts))
        {
            yield return new Finding(
                FindingSeverity.Error, "one-class", $"All labelled pixels of all labels are class {classes[0]} ({facts.NameOf(classes[0])}); there is nothing to tell apart.",
                "Check the export of the labelling program; the other classes, background among them, need ids of their own.", []);
        }
    }
}
