namespace SegNeXt.Data;

/// <summary>The number of classes against the configuration's.</summary>
internal sealed class ClassCountCheck : IDoctorCheck
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        int data = facts.Names?.Length ?? facts.MaxId + 1;
        if (facts.Options.Classes is int wanted && wanted != data && data > 0)
        {
            yield return new Finding(
                FindingSeverity.Error, "class-count", $"model.classes is {wanted}, but the data set has {Say.Count(data, "class", "classes")}{(facts.Names is null ? " by its highest id" : "")}.",
                $"Leave model.classes out, or set it to {data}.", []);
        }

        if (facts.Names is null && data > 0)
        {
            yield return new Finding(
                FindingSeverity.Note, "class-names-missing", $"There is no classes.txt; {Say.Count(data, "class is", "classes are")} assumed from the highest id, without names.",
                $"Write classes.txt with {Say.Count(data, "line")}, the name of class 0 first; a colour may follow after a tab (#RRGGBB).", []);
        }
    }
}
