using System.Text;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>Writes a file wholly or not at all.</summary>
internal static class AtomicFile
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// Writes a text as UTF-8 under a temporary name in the same folder, flushes it to the disk, and renames it over
    /// what is there.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="InputException">It cannot be written; nothing is changed then.</exception>
    public static void WriteText(string path, string text)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(s_utf8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            try
            {
                File.Delete(temporary);
            }
            catch (Exception second) when (second is IOException or UnauthorizedAccessException)
            {
                // The first failure is the one to tell; the name ends in .tmp.
            }

            throw new InputException($"{path}: cannot be written: {exception.Message}", exception);
        }
    }
}
