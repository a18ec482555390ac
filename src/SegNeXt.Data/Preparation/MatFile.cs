using System.IO.Compression;
using System.Text;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// Reads one matrix of numbers from a MATLAB file of level 5 (versions 5 to 7, compressed or not; "MAT-File Format", The MathWorks),
/// as label maps are published. Other variables are passed over unread.
/// </summary>
internal static class MatFile
{
    private const int HeaderLength = 128;
    private const long MaxLength = 1L << 28;

    /// <summary>Reads a variable, or a field of one that is a structure.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variable">The variable's name.</param>
    /// <param name="field">The field's name; null where the variable is the matrix itself.</param>
    /// <exception cref="InputException">The file cannot be read, is none of these, is damaged, or has no such matrix.</exception>
    public static MatMatrix Read(string path, string variable, string? field = null)
    {
        byte[] file = InputFile.Read(path, stream =>
        {
            if (stream.Length > MaxLength)
            {
                throw new InputException($"{path} is larger than {MaxLength >> 20} MB, too large for a label map.");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        });
        MatReader reader = new(file.AsSpan(Math.Min(HeaderLength, file.Length)), IsBigEndian(file, path), path);
        while (!reader.IsAtEnd)
        {
            ReadOnlySpan<byte> content = reader.Next(out int type);
            if (type == MatReader.Compressed)
            {
                MatReader inner = new(Inflate(content, path), reader.IsBigEndian, path);
                content = inner.Next(out type);
            }

            if (type == MatReader.Matrix && MatVariable.Parse(content, reader) is var found && found.Name == variable)
            {
                return field is null ? found.ToMatrix() : found.Field(field).ToMatrix();
            }
        }

        throw new InputException($"{path}: has no variable {variable}.");
    }

    private static bool IsBigEndian(ReadOnlySpan<byte> file, string path)
    {
        if (file.StartsWith("MATLAB 7.3"u8))
        {
            throw new InputException($"{path} is a MATLAB file of version 7.3 (HDF5), which is not read; save it again with -v7.");
        }

        ReadOnlySpan<byte> mark = file.Length >= HeaderLength ? file.Slice(HeaderLength - 2, 2) : [];
        return mark.SequenceEqual("MI"u8) || (mark.SequenceEqual("IM"u8)
            ? false
            : throw new InputException($"{path} is no MATLAB file of version 5 to 7."));
    }

    private static byte[] Inflate(ReadOnlySpan<byte> content, string path)
    {
        try
        {
            using MemoryStream result = new();
            using ZLibStream stream = new(new MemoryStream(content.ToArray()), CompressionMode.Decompress);
            byte[] buffer = new byte[1 << 16];
            for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            {
                result.Write(buffer, 0, read);
                if (result.Length > MaxLength)
                {
                    throw new InputException($"{path}: unpacks to more than {MaxLength >> 20} MB, too much for a label map.");
                }
            }

            return result.ToArray();
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{path} is damaged: its compressed data cannot be unpacked.", e);
        }
    }
}
