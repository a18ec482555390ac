using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Writes a folder's labels again with other values, in the layout and under the names that training wants.</summary>
public sealed class Relabelling
{
    private readonly (ListedSample Sample, string Target)[] _labels;
    private readonly RelabelMap _map;

    private Relabelling(DataSetListing listing, RelabelMap map, string target)
    {
        _map = map;
        Folders = [.. listing.Splits.Select(split => Path.Combine(target, "labels", split.Name))];
        _labels =
        [
            .. listing.Splits.SelectMany(split => split.Samples
                .Where(sample => sample.Label is not null && FileKinds.IsRead(sample.Label))
                .Select(sample => (sample, Path.Combine(target, "labels", split.Name, sample.Name + ".png")))),
        ];
    }

    /// <summary>Number of labels.</summary>
    public int Count => _labels.Length;

    /// <summary>The folders that are written.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>Lists the labels of a plain folder of pictures and labels.</summary>
    /// <param name="root">The data set's folder.</param>
    /// <param name="map">What becomes of the values.</param>
    /// <param name="target">Gets <c>labels/SPLIT</c>; not the data set's own folder.</param>
    /// <exception cref="InputException">There is no such data set, or the target is the data set itself.</exception>
    public static Relabelling Open(string root, RelabelMap map, string target)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(target);
        if (Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(target)))
        {
            throw new InputException($"{target}: this is the data set itself; relabelled files go to another folder.");
        }

        DataSetListing listing = FolderListing.Create(root, new DoctorOptions())
            ?? throw new InputException($"{root}: has no folders of pictures and labels to relabel.");
        return new Relabelling(listing, map, target);
    }

    /// <summary>Reads, maps and writes all labels.</summary>
    /// <param name="onLabel">Called after each with its fault or null, from any thread but never from two at once.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="InputException">A folder or file cannot be written.</exception>
    public void Run(Action<string?> onLabel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(onLabel);
        foreach (string folder in Folders)
        {
            OutputFolder.Create(folder);
        }

        Lock gate = new();
        Faults.First(
            _labels.Length,
            (i, _) =>
            {
                LabelMap? label = null;
                string? fault = null;
                try
                {
                    label = Read(_labels[i].Sample.Label!);
                }
                catch (InputException error)
                {
                    fault = error.Message;
                }

                // What cannot be written ends it all: the next would fail likewise.
                if (label is not null)
                {
                    PngWriter.WriteLabel(_labels[i].Target, label);
                }

                lock (gate)
                {
                    onLabel(fault);
                }
            },
            cancellationToken);
    }

    private LabelMap Read(string path) => LabelReading.KindOf(path) switch
    {
        LabelKind.Ids => _map.Apply(ImageFile.ReadLabel(path)),
        LabelKind.Colours => _map.Apply(ImageFile.ReadRgb(path, new ImageReadOptions { ApplyOrientation = false }), path),
        _ => throw new InputException($"{path} is a JPEG file, from which ids cannot be told exactly."),
    };
}
