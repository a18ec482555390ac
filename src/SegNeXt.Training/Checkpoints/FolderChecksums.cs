using System.Security.Cryptography;
using System.Text;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>
/// The file <c>SHA256SUMS</c> in a folder: a line <c>HASH␣␣NAME</c> for every other file in it, as <c>sha256sum</c> writes
/// and <c>sha256sum -c</c> checks it. Written last, it also says that the folder is complete.
/// </summary>
internal static class FolderChecksums
{
    /// <summary>The file's name.</summary>
    public const string FileName = "SHA256SUMS";

    private const int HashLength = 64;

    /// <summary>Writes the sums of all files in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InputException">The sums cannot be written.</exception>
    public static void Write(string folder)
    {
        StringBuilder lines = new();
        foreach (string path in Directory.GetFiles(folder).Where(path => Path.GetFileName(path) != FileName).Order(StringComparer.Ordinal))
        {
            lines.Append(Hash(path)).Append("  ").Append(Path.GetFileName(path)).Append('\n');
        }

        AtomicFile.WriteText(Path.Combine(folder, FileName), lines.ToString());
    }

    /// <summary>Compares a folder's files with its sums.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="required">Names that must be among them.</param>
    /// <returns>The first fault, such as <c>model.safetensors is not what was written</c>, or null if all is well.</returns>
    public static string? Check(string folder, params ReadOnlySpan<string> required)
    {
        string current = FileName;
        try
        {
            HashSet<string> seen = [];
            foreach (string line in File.ReadAllLines(Path.Combine(folder, FileName)))
            {
                current = FileName;
                if (line.Length < HashLength + 3 || line[HashLength..(HashLength + 2)] != "  ")
                {
                    return $"{FileName} is damaged";
                }

                current = line[(HashLength + 2)..];
                if (current.AsSpan().ContainsAny('/', '\\'))
                {
                    return $"{FileName} is damaged";
                }

                string path = Path.Combine(folder, current);
                if (!File.Exists(path))
                {
                    return $"{current} is missing";
                }

                if (!string.Equals(Hash(path), line[..HashLength], StringComparison.OrdinalIgnoreCase))
                {
                    return $"{current} is not what was written";
                }

                seen.Add(current);
            }

            foreach (string name in required)
            {
                if (!seen.Contains(name))
                {
                    return $"{name} is missing";
                }
            }

            return null;
        }
        catch (Exception e) when (FileErrors.IsFileError(e))
        {
            return $"{current} cannot be read";
        }
    }

    private static string Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
