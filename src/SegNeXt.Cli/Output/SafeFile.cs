namespace SegNeXt.Cli;

/// <summary>Writes files that are either whole or not there.</summary>
internal static class SafeFile
{
    /// <summary>Writes a text file by way of a temporary one in the same folder, creating the folder where needed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its contents, written as UTF-8.</param>
    public static void WriteText(string path, string text) => Write(path, temporary => File.WriteAllText(temporary, text));

    /// <summary>Lets something write a file under a temporary name in the same folder, then renames it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Gets the temporary name.</param>
    public static void Write(string path, Action<string> write)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Environment.ProcessId}.tmp");
        try
        {
            write(temporary);
            using (FileStream stream = new(temporary, FileMode.Open, FileAccess.ReadWrite))
            {
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
