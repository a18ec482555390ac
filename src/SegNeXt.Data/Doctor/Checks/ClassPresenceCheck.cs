namespace SegNeXt.Data;

/// <summary>Classes that are missing from a split, or nearly.</summary>
internal sealed class ClassPresenceCheck : IDoctorCheck
{
    /// <summary>A class with less of the training pixels, or in fewer training labels, is hardly learnt.</summary>
    private const double RareShare = 0.0005;

    private const double RareImages = 0.005;
    private const int FewestImages = 3;

    /// <summary>Below so many labels nearly every class is in a few of them.</summary>
    private const int FewLabels = 20;

    /// <inheritdoc/>
    public IEnumerable<Finding> Run(DataSetFacts facts)
    {
        ClassCounts train = ClassCounts.Of(facts, facts.Options.TrainSplit);
        ClassCounts val = ClassCounts.Of(facts, facts.Options.ValSplit);
        int[] all = [.. Enumerable.Range(0, Math.Min(facts.ClassCount, 255))];
        if (train.Labelled == 0 || facts.Options.Limit is not null)
        {
            yield break;
        }

        int[] nowhere = [.. all.Where(id => facts.ValuePixels[id] == 0)];
        bool isOwn = facts.Listing.Kind == ListingKind.Folder;
        if (nowhere.Length > 0 && !LabelValueCheck.ExplainsAbsence(facts))
        {
            yield return new Finding(
                isOwn ? FindingSeverity.Warning : FindingSeverity.Note, "classes-absent", $"{Some(facts, nowhere)} in no label of any split.",
                isOwn
                    ? "Take the names out of classes.txt (and close the gaps in the ids), or check that the labels were exported with them."
                    : "Nothing need be changed if this is a part of the data set; else check that it is complete.", []);
        }

        if (val.Labelled == 0)
        {
            yield break;
        }

        int[] valOnly = [.. all.Where(id => train.Images[id] == 0 && val.Images[id] > 0)];
        if (valOnly.Length > 0)
        {
            yield return new Finding(
                isOwn ? FindingSeverity.Warning : FindingSeverity.Note, "classes-val-only",
                $"{Some(facts, valOnly)} in {facts.Options.ValSplit} but never in {facts.Options.TrainSplit}: {(valOnly.Length == 1 ? "it cannot be learnt, and its" : "they cannot be learnt, and their")} IoU of 0 lowers the mean.",
                isOwn
                    ? $"Move pictures that show {It(valOnly)} from {facts.Options.ValSplit} to {facts.Options.TrainSplit}, or label more."
                    : "Nothing need be changed if this is a part of the data set; else check that it is complete.", Holding(facts, facts.Options.ValSplit, valOnly));
        }

        int[] trainOnly = [.. all.Where(id => train.Images[id] > 0 && val.Images[id] == 0)];
        if (trainOnly.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Note, "classes-train-only", $"{Some(facts, trainOnly)} in {facts.Options.TrainSplit} but never in {facts.Options.ValSplit}: no figure will tell how well {(trainOnly.Length == 1 ? "it is" : "they are")} learnt.",
                $"Hold back a few pictures that show {It(trainOnly)} in {facts.Options.ValSplit}.", []);
        }

        int[] rare = [.. all.Where(id => train.Images[id] > 0 && (train.Share(id) < RareShare || train.Images[id] < Math.Max(FewestImages, RareImages * train.Labels)) && train.Labels >= FewLabels)];
        if (rare.Length > 0)
        {
            yield return new Finding(
                FindingSeverity.Note, "rare-classes",
                $"Very rare in {facts.Options.TrainSplit}: {Say.Some(rare.Select(id => $"{facts.NameOf(id)} ({Say.Percent(train.Share(id))} of the pixels, {Say.Count(train.Images[id], "picture")})"))}.",
                "Label more pictures that show them, merge them with a similar class, or have them drawn more often (see class-imbalance).", Holding(facts, facts.Options.TrainSplit, rare));
        }
    }

    private static string It(int[] ids) => ids.Length == 1 ? "it" : "them";

    private static string Some(DataSetFacts facts, int[] ids) =>
        ids.Length == 1
            ? $"The class {facts.NameOf(ids[0])} (id {ids[0]}) occurs"
            : $"{ids.Length} classes ({Say.Some(ids.Select(id => $"{id} {facts.NameOf(id)}"))}) occur";

    private static FindingFile[] Holding(DataSetFacts facts, string split, int[] ids) =>
        Say.Labels(facts.IdLabels.Where(sample => sample.Split == split && ids.Any(id => sample.Label!.PixelsOf(id) > 0)));
}
