using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Looks a data set over before hours are spent on it: files, pairs, sizes, label values, classes, repeated pictures. It
/// works where the data set's own reader would stop at the first fault.
/// </summary>
public sealed class DataSetDoctor
{
    private const string Folder = "folder";
    private const string CamVid = "camvid";

    private readonly DataSetListing _listing;
    private readonly DoctorOptions _options;
    private readonly (ListedSplit Split, ListedSample Sample)[] _chosen;

    private DataSetDoctor(DataSetListing listing, DoctorOptions options)
    {
        _listing = listing;
        _options = options;
        _chosen = [.. listing.Splits.SelectMany(split => Spread(split.Samples, options.Limit).Select(sample => (split, sample)))];
    }

    /// <summary>Number of samples that <see cref="Examine"/> reads.</summary>
    public int Count => _chosen.Length;

    /// <summary>Lists a data set's files; nothing is read yet.</summary>
    /// <param name="root">The data set's folder.</param>
    /// <param name="options">What to look at.</param>
    /// <exception cref="InputException">There is no such folder, or nothing in it looks like a data set.</exception>
    public static DataSetDoctor Open(string root, DoctorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        options ??= new DoctorOptions();
        if (!Directory.Exists(root))
        {
            throw new InputException(File.Exists(root) ? $"{root}: is a file; a data set is a folder." : $"{root}: there is no such folder.");
        }

        try
        {
            return new DataSetDoctor(List(root, options), options);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Wrap(root, error);
        }
    }

    /// <summary>Reads all files, in parallel, and judges them. What is kept of each is small.</summary>
    /// <param name="onSample">Called after each sample, from any thread but never from two at once.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public DoctorReport Examine(Action? onSample = null, CancellationToken cancellationToken = default)
    {
        SampleFacts[] samples = new SampleFacts[_chosen.Length];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Lock gate = new();
        Parallel.For(0, samples.Length, parallel, i =>
        {
            samples[i] = Read(_chosen[i].Split.Name, _chosen[i].Sample);
            lock (gate)
            {
                onSample?.Invoke();
            }
        });

        DataSetFacts facts = new(_listing, _options, samples);
        List<Finding> findings = [.. _listing.Findings];
        foreach (IDoctorCheck check in DoctorChecks.For(_listing.Kind))
        {
            cancellationToken.ThrowIfCancellationRequested();
            findings.AddRange(check.Run(facts));
        }

        return new DoctorReport(
            _listing.Root, Summaries.Splits(_listing), Summaries.Classes(facts), [.. findings.OrderBy(finding => finding.Severity)], samples.Length);
    }

    private static DataSetListing List(string root, DoctorOptions options)
    {
        bool isAuto = string.Equals(options.Type, DataSets.Auto, StringComparison.OrdinalIgnoreCase);
        string type = isAuto ? DataSets.Detect(root) ?? Folder : options.Type;
        DataSetListing? known = null;
        if (!type.Equals(Folder, StringComparison.OrdinalIgnoreCase) && !type.Equals(CamVid, StringComparison.OrdinalIgnoreCase))
        {
            known = KnownListing.Create(root, options with { Type = type });
            if (!isAuto || known.Splits.Any(split => split.Fault is null))
            {
                return known;
            }
        }

        // A folder of one's own may by chance begin as a known data set does.
        return FolderListing.Create(root, options with { Type = type })
            ?? known
            ?? (isAuto ? ClassFolderListing.Create(root) : null)
            ?? throw new InputException($"{root}: nothing in it looks like a data set: expected images/{options.TrainSplit}, images/{options.ValSplit}, labels/{options.TrainSplit} and labels/{options.ValSplit}, the layout of a known data set, or a folder of pictures for each class.");
    }

    private SampleFacts Read(string split, ListedSample sample)
    {
        ImageFacts? image = sample.Image is { } path && FileKinds.IsRead(path) ? ImageReading.Read(path, decode: !_options.Quick) : null;
        LabelFacts? label = sample.Label is { } file && FileKinds.IsRead(file)
            ? LabelReading.Read(file, sample.Mapping)
            : null;
        return new SampleFacts(split, sample, image, label);
    }

    private static IEnumerable<ListedSample> Spread(IReadOnlyList<ListedSample> samples, int? limit) => limit is int most && samples.Count > most
        ? Enumerable.Range(0, most).Select(i => samples[(int)((long)i * samples.Count / most)])
        : samples;
}
