using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>What becomes of one video.</summary>
/// <param name="Input">The video, camera or stream.</param>
/// <param name="Overlay">The video with the classes' colours, if wanted.</param>
/// <param name="Frames">The folder of class-id pictures, if wanted.</param>
internal sealed record VideoPlan(VideoInput Input, string? Overlay, string? Frames)
{
    /// <summary>Plans the results of all videos, before the first is opened.</summary>
    /// <param name="inputs">The videos.</param>
    /// <param name="folder">Where the results go.</param>
    /// <param name="overlay">Whether videos with colours are wanted.</param>
    /// <param name="frames">Whether class ids are wanted.</param>
    /// <exception cref="InputException">Two would write the same files, one would overwrite a video.</exception>
    public static IReadOnlyList<VideoPlan> Create(IReadOnlyList<VideoInput> inputs, string folder, bool overlay, bool frames)
    {
        List<VideoPlan> plans = [];
        Dictionary<string, string> writers = new(StringComparer.Ordinal);
        HashSet<string> sources = [.. inputs.Where(input => input.IsFile).Select(input => Path.GetFullPath(input.Name))];
        foreach (VideoInput input in inputs)
        {
            string stem = Path.Combine(folder, input.Stem);
            VideoPlan plan = new(input, overlay ? stem + "_overlay.mp4" : null, frames ? stem : null);
            if (!writers.TryAdd(Path.GetFullPath(stem), input.Name))
            {
                throw new InputException($"{writers[Path.GetFullPath(stem)]} and {input.Name} would both be written to {stem}; predict them into different folders.");
            }

            if (plan.Overlay is not null && sources.Contains(Path.GetFullPath(plan.Overlay)))
            {
                throw new InputException($"The result of {input.Name} would overwrite the video {plan.Overlay}; choose another --out.");
            }

            plans.Add(plan);
        }

        return plans;
    }

    /// <summary>Refuses a folder of frames that holds something already.</summary>
    /// <exception cref="InputException">It does.</exception>
    public void RequireEmptyFolder()
    {
        if (Frames is not null && Directory.Exists(Frames) && Directory.EnumerateFileSystemEntries(Frames).Any())
        {
            throw new InputException($"{Frames}: this folder is to take the frames of {Input.Name}, and it holds something already; remove it or choose another --out.");
        }
    }
}
