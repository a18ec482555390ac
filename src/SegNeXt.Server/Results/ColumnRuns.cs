using SegNeXt.Core;

namespace SegNeXt.Server;

/// <summary>
/// A map of class ids as a run-length mask for each class that occurs, as COCO writes them uncompressed: down the columns from left to
/// right, numbers of pixels outside and inside by turns, those outside first.
/// </summary>
internal sealed class ColumnRuns
{
    private readonly List<int>?[] _counts = new List<int>?[256];
    private readonly int[] _ends = new int[256];
    private readonly int[] _pixels = new int[256];

    private ColumnRuns(int width, int height) => (Width, Height) = (width, height);

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The ids that occur, ascending.</summary>
    public IEnumerable<int> Present => Enumerable.Range(0, _counts.Length).Where(id => _counts[id] is not null);

    /// <summary>Takes a map apart.</summary>
    /// <param name="map">The ids.</param>
    public static ColumnRuns Of(LabelMap map)
    {
        ColumnRuns runs = new(map.Width, map.Height);
        byte current = map.Ids[0];
        int start = 0, position = 0;
        for (int x = 0; x < map.Width; x++)
        {
            for (int index = x; index < map.Ids.Length; index += map.Width, position++)
            {
                if (map.Ids[index] != current)
                {
                    runs.Add(current, start, position);
                    (current, start) = (map.Ids[index], position);
                }
            }
        }

        runs.Add(current, start, position);
        return runs;
    }

    /// <summary>Pixels of a class.</summary>
    /// <param name="id">The class.</param>
    public int Pixels(int id) => _pixels[id];

    /// <summary>The runs of a class; together they have as many pixels as the map.</summary>
    /// <param name="id">A class that occurs.</param>
    public IEnumerable<int> Counts(int id)
    {
        int rest = (Width * Height) - _ends[id];
        return rest > 0 ? _counts[id]!.Append(rest) : _counts[id]!;
    }

    private void Add(int id, int start, int end)
    {
        List<int> counts = _counts[id] ??= [];
        counts.Add(start - _ends[id]);
        counts.Add(end - start);
        _ends[id] = end;
        _pixels[id] += end - start;
    }
}
