namespace SegNeXt.Data;

/// <summary>All checks, in the order in which equally grave findings are shown.</summary>
internal static class DoctorChecks
{
    private static readonly IDoctorCheck[] s_files =
    [
        new SplitsCheck(),
        new FormatCheck(),
        new DamageCheck(),
    ];

    private static readonly IDoctorCheck[] s_labels =
    [
        new PairCheck(),
        new SizeCheck(),
        new LabelKindCheck(),
        new LabelPaletteCheck(),
        new LabelValueCheck(),
        new ClassCountCheck(),
        new EmptyLabelCheck(),
        new ClassPresenceCheck(),
        new ClassBalanceCheck(),
    ];

    private static readonly IDoctorCheck[] s_pictures =
    [
        new RepeatedPictureCheck(),
        new LikePictureCheck(),
        new OrientationCheck(),
        new CropCheck(),
    ];

    /// <summary>Those that fit a kind of data set.</summary>
    public static IEnumerable<IDoctorCheck> For(ListingKind kind) => kind == ListingKind.ClassFolders
        ? [.. s_files, new ClassFolderCheck(), new RepeatedPictureCheck(), new LikePictureCheck()]
        : [.. s_files, .. s_labels, .. s_pictures];
}
