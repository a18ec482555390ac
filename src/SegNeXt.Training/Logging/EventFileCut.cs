using System.Buffers.Binary;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>
/// Takes away what a run's event files have beyond a checkpoint, so that no reader meets a step twice. Records are in
/// the order in which they were written, so a file is cut at the first that is not to stay.
/// </summary>
internal static class EventFileCut
{
    private const string Pattern = "events.out.tfevents.*";
    private const string EvaluationPrefix = "val";

    // Length and its checksum before the data, and the data's checksum behind.
    private const int Head = 12;
    private const int Tail = 4;

    /// <summary>Cuts all event files of a folder.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="iteration">The last iteration to keep.</param>
    /// <param name="evaluation">The last iteration whose evaluation is kept.</param>
    /// <exception cref="InputException">A file cannot be read or cut.</exception>
    public static void After(string folder, int iteration, int evaluation)
    {
        foreach (string path in Directory.GetFiles(folder, Pattern))
        {
            try
            {
                using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
                file.SetLength(Kept(file, iteration, evaluation));
            }
            catch (Exception e) when (FileErrors.IsFileError(e))
            {
                throw FileErrors.Wrap(path, e);
            }
        }
    }

    /// <summary>The bytes before the first record that is torn or not to stay.</summary>
    private static long Kept(FileStream file, int iteration, int evaluation)
    {
        Span<byte> head = stackalloc byte[Head];
        long start = 0;
        while (file.ReadAtLeast(head, Head, throwOnEndOfStream: false) == Head)
        {
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(head);
            if (length > (ulong)Math.Max(0, file.Length - start - Head - Tail))
            {
                break;
            }

            byte[] data = new byte[length];
            file.ReadExactly(data);
            if (!Stays(data, iteration, evaluation))
            {
                break;
            }

            start += Head + data.Length + Tail;
            file.Position = start;
        }

        return start;
    }

    /// <summary>Whether an <c>Event</c> message is one of those to keep.</summary>
    private static bool Stays(ReadOnlySpan<byte> message, int iteration, int evaluation)
    {
        ulong step = 0;
        bool evaluates = false;
        try
        {
            ProtobufReader reader = new(message);
            while (reader.Next(out int field, out ReadOnlySpan<byte> bytes, out ulong number))
            {
                step = field == 2 ? number : step;
                evaluates |= field == 5 && IsEvaluation(bytes);
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }

        return step <= (ulong)(evaluates ? evaluation : iteration);
    }

    /// <summary>Whether a <c>Summary</c> message has a value that an evaluation gave.</summary>
    private static bool IsEvaluation(ReadOnlySpan<byte> summary)
    {
        ProtobufReader values = new(summary);
        while (values.Next(out int field, out ReadOnlySpan<byte> value, out _))
        {
            ProtobufReader reader = new(value);
            while (field == 1 && reader.Next(out int part, out ReadOnlySpan<byte> tag, out _))
            {
                if (part == 1 && System.Text.Encoding.UTF8.GetString(tag).StartsWith(EvaluationPrefix, StringComparison.Ordinal))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
