namespace SegNeXt.Data;

/// <summary>What a split holds.</summary>
/// <param name="Name">The split's name.</param>
/// <param name="Images">Pictures in it.</param>
/// <param name="Labels">Labels in it; 0 for pictures in class folders.</param>
/// <param name="Pairs">Pictures that have a label; with class folders, all.</param>
public sealed record SplitSummary(string Name, int Images, int Labels, int Pairs);

/// <summary>How often a class occurs.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Id">Its id.</param>
/// <param name="Share">Its part of the labelled pixels of all splits, 0 to 1; with class folders, of the pictures.</param>
/// <param name="Images">Labels that have it; with class folders, pictures.</param>
/// <param name="Splits">The same for each split, in the order of <see cref="DoctorReport.Splits"/>.</param>
public sealed record ClassSummary(string Name, int Id, double Share, int Images, IReadOnlyList<ClassShare> Splits);

/// <summary>How often a class occurs in a split.</summary>
/// <param name="Share">Its part of the split's labelled pixels, 0 to 1.</param>
/// <param name="Images">Labels that have it.</param>
public readonly record struct ClassShare(double Share, int Images);

/// <summary>What <see cref="DataSetDoctor"/> found.</summary>
/// <param name="Root">The data set's folder.</param>
/// <param name="Splits">The splits, by name.</param>
/// <param name="Classes">The classes, by id.</param>
/// <param name="Findings">Errors first, then warnings, then notes.</param>
/// <param name="Examined">Pictures and labels that were read; fewer than there are with <see cref="DoctorOptions.Limit"/>.</param>
public sealed record DoctorReport(
    string Root, IReadOnlyList<SplitSummary> Splits, IReadOnlyList<ClassSummary> Classes, IReadOnlyList<Finding> Findings, int Examined)
{
    /// <summary>Pictures in all splits.</summary>
    public int Images => Splits.Sum(split => split.Images);

    /// <summary>Labels in all splits.</summary>
    public int Labels => Splits.Sum(split => split.Labels);

    /// <summary>Findings that training fails with, or learns the wrong thing from.</summary>
    public int Errors => Findings.Count(finding => finding.Severity == FindingSeverity.Error);

    /// <summary>Findings that are probably mistakes.</summary>
    public int Warnings => Findings.Count(finding => finding.Severity == FindingSeverity.Warning);
}
