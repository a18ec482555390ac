using SegNeXt.Core;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>The data set of a configuration file, whose folder is on another machine more often than not.</summary>
internal static class ConfiguredData
{
    /// <summary>Refuses a folder that is not there, and says how to name another.</summary>
    /// <param name="config">A configuration that was read from a file.</param>
    /// <exception cref="InputException">There is nothing at <c>data.root</c>.</exception>
    public static void Require(RunConfig config)
    {
        if (!Path.Exists(config.Data.Root))
        {
            throw new InputException($"{config.Data.Root}: there is no such folder (data.root); say where the data set is with --set data.root=DIR.");
        }
    }
}
