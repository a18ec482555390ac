using SegNeXt.Core;

namespace SegNeXt.Data;

/// <content>Whole data sets of rendered streets.</content>
public static partial class StreetScenes
{
    private const string Prefix = "street_";
    private const int JpegQuality = 95;

    /// <summary>
    /// Renders a data set in the layout of <see cref="FolderDataSet"/>: JPEG pictures, PNG labels, and <c>classes.txt</c> with
    /// names and colours, which is written last. Pictures of an earlier, larger set in the folder are removed.
    /// </summary>
    /// <param name="folder">The data set's folder; made if it is not there.</param>
    /// <param name="trainCount">Pictures in the split <c>train</c>.</param>
    /// <param name="valCount">Pictures in the split <c>val</c>; none is in both.</param>
    /// <param name="width">Columns, at least 32.</param>
    /// <param name="height">Rows, at least 32.</param>
    /// <param name="seed">The same one gives the same pictures.</param>
    /// <param name="progress">Told after each picture how many are done.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="InputException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The work was ended; <c>classes.txt</c> is missing then.</exception>
    public static void WriteDataSet(
        string folder, int trainCount, int valCount, int width, int height, long seed, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(trainCount, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(valCount, 0);
        string classList = Path.Combine(folder, "classes.txt");
        List<(string Split, int Index)> pictures =
            [.. Enumerable.Range(0, trainCount).Select(i => ("train", i)), .. Enumerable.Range(0, valCount).Select(i => ("val", i))];
        Prepare(folder, classList, new Dictionary<string, int> { ["train"] = trainCount, ["val"] = valCount });

        int done = 0;
        Faults.First(
            pictures.Count,
            (n, _) =>
            {
                (string split, int index) = pictures[n];
                Sample sample = Render((long)Seeds.For(seed, split, index), width, height);
                JpegWriter.Write(Path.Combine(folder, "images", split, $"{FileName(index)}.jpg"), sample.Image, JpegQuality);
                PngWriter.WriteLabel(Path.Combine(folder, "labels", split, $"{FileName(index)}.png"), sample.Label, Classes.Palette);
                progress?.Report(Interlocked.Increment(ref done));
            },
            cancellationToken);

        AtomicFile.Write(classList, stream =>
        {
            using StreamWriter writer = new(stream, leaveOpen: true);
            for (int i = 0; i < Classes.Count; i++)
            {
                writer.Write($"{Classes.Names[i]}\t#{Classes.Palette[i]:X6}\n");
            }
        });
    }

    private static string FileName(int index) => $"{Prefix}{index:D4}";

    /// <summary>Makes the folders, and removes what an earlier set left.</summary>
    private static void Prepare(string folder, string classList, Dictionary<string, int> counts)
    {
        OutputFolder.Create(folder);
        try
        {
            File.Delete(classList);
            foreach ((string split, int count) in counts)
            {
                foreach (string kind in (ReadOnlySpan<string>)["images", "labels"])
                {
                    DirectoryInfo target = Directory.CreateDirectory(Path.Combine(folder, kind, split));
                    HashSet<string> kept = [.. Enumerable.Range(0, count).Select(FileName)];
                    foreach (FileInfo old in target.EnumerateFiles(Prefix + "*").Where(file => !kept.Contains(Path.GetFileNameWithoutExtension(file.Name))))
                    {
                        old.Delete();
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: cannot be made ready for the pictures: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
