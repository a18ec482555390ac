using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>What one <c>predict</c> has to do.</summary>
/// <param name="Pictures">Pictures and their results.</param>
/// <param name="Videos">Videos, cameras and streams, and their results.</param>
/// <param name="Problems">One sentence for each path that stands for nothing.</param>
internal sealed record PredictWork(IReadOnlyList<OutputPlan> Pictures, IReadOnlyList<VideoPlan> Videos, IReadOnlyList<string> Problems)
{
    /// <summary>Number of inputs.</summary>
    public int Count => Pictures.Count + Videos.Count;

    /// <summary>What the inputs are called together.</summary>
    public string Name => Videos.Count == 0 ? "pictures" : Pictures.Count == 0 ? "videos" : "pictures and videos";

    /// <summary>
    /// A share of it. All plans are made before they are shared, so that two shares never write one file; and they are sorted, since
    /// shells on several hosts may list a pattern's files in different orders. What stands for nothing is the first share's to tell.
    /// </summary>
    /// <param name="shard">Which.</param>
    public PredictWork Share(Shard shard) => new(
        shard.Of([.. Pictures.OrderBy(plan => plan.Input, StringComparer.Ordinal)]),
        shard.Of([.. Videos.OrderBy(plan => plan.Input.Name, StringComparer.Ordinal)], Pictures.Count),
        shard.Index == 0 ? Problems : []);

    /// <summary>Refuses folders of frames that hold something; another share's may be on their way already.</summary>
    /// <exception cref="InputException">One does.</exception>
    public void RequireRoom()
    {
        foreach (VideoPlan video in Videos)
        {
            video.RequireEmptyFolder();
        }
    }
}
