using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>
/// Writes a run's event file for TensorBoard, <c>events.out.tfevents.SECONDS.HOST</c>: scalars, PNG pictures and texts. A file
/// is a row of TFRecords, each <c>length u64, masked CRC-32C of it, data, masked CRC-32C of it</c>, each data an
/// <c>Event</c> message (TensorFlow's <c>event.proto</c> and <c>summary.proto</c>).
/// </summary>
/// <remarks>
/// Every record goes to the system in one piece. A killed run leaves at most a torn last record, at which readers
/// stop; a run that goes on opens a file of its own, and <see cref="MarkRestart"/> tells TensorBoard to forget what
/// the earlier file has beyond the checkpoint.
/// </remarks>
public sealed class TensorBoardWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly TimeProvider _time;

    /// <summary>Creates an event file in a folder.</summary>
    /// <param name="folder">The run's folder, which exists.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="InputException">The file cannot be created.</exception>
    public TensorBoardWriter(string folder, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _time = time ?? TimeProvider.System;
        string name = System.IO.Path.Combine(
            folder,
            string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{_time.GetUtcNow().ToUnixTimeSeconds():D10}.{HostName()}"));

        // A run stopped and resumed within a second would meet its own file.
        Path = name;
        for (int i = 1; File.Exists(Path); i++)
        {
            Path = string.Create(CultureInfo.InvariantCulture, $"{name}.{i}");
        }

        try
        {
            _file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.Wrap(Path, exception);
        }

        WriteEvent(0, e => e.WriteText(EventFields.FileVersion, "brain.Event:2"));
    }

    /// <summary>The event file.</summary>
    public string Path { get; }

    /// <summary>Writes a number.</summary>
    /// <param name="tag">The curve's name; parts before a slash group curves, as in <c>train/loss</c>.</param>
    /// <param name="step">Iterations done.</param>
    /// <param name="value">The number, kept as float32.</param>
    /// <exception cref="InputException">The event cannot be written.</exception>
    public void AddScalar(string tag, long step, double value)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        WriteValue(step, v =>
        {
            v.WriteText(ValueFields.Tag, tag);
            v.WriteFloat(ValueFields.SimpleValue, (float)value);
        });
    }

    /// <summary>Writes a picture.</summary>
    /// <param name="tag">The picture's name.</param>
    /// <param name="step">Iterations done.</param>
    /// <param name="png">A whole PNG file.</param>
    /// <exception cref="ArgumentException">The bytes do not begin as a PNG does.</exception>
    /// <exception cref="InputException">The event cannot be written.</exception>
    public void AddImage(string tag, long step, byte[] png)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        ArgumentNullException.ThrowIfNull(png);
        (int width, int height, int channels) = ReadHeader(png);
        WriteValue(step, v =>
        {
            v.WriteText(ValueFields.Tag, tag);
            v.WriteMessage(ValueFields.Image, image =>
            {
                image.WriteInteger(ImageFields.Height, height);
                image.WriteInteger(ImageFields.Width, width);
                image.WriteInteger(ImageFields.Channels, channels);
                image.WriteBytes(ImageFields.Encoded, png);
            });
        });
    }

    /// <summary>Writes a text, which TensorBoard shows as Markdown.</summary>
    /// <param name="tag">The text's name.</param>
    /// <param name="step">Iterations done.</param>
    /// <param name="markdown">The text.</param>
    /// <exception cref="InputException">The event cannot be written.</exception>
    public void AddText(string tag, long step, string markdown)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        ArgumentNullException.ThrowIfNull(markdown);

        // A text is a tensor of one string; the plugin's name in the metadata says who is to show it.
        WriteValue(step, v =>
        {
            v.WriteText(ValueFields.Tag, tag);
            v.WriteMessage(ValueFields.Tensor, tensor =>
            {
                tensor.WriteInteger(TensorFields.DataType, TensorFields.TypeString);
                tensor.WriteMessage(TensorFields.Shape, shape => shape.WriteMessage(2, size => size.WriteInteger(1, 1)));
                tensor.WriteText(TensorFields.StringValue, markdown);
            });
            v.WriteMessage(ValueFields.Metadata, metadata =>
            {
                metadata.WriteMessage(MetadataFields.Plugin, plugin => plugin.WriteText(1, "text"));
                metadata.WriteInteger(MetadataFields.DataClass, MetadataFields.ClassTensor);
            });
        });
    }

    /// <summary>
    /// Says that the run goes on from a checkpoint: TensorBoard drops what earlier files have of this step and later.
    /// </summary>
    /// <param name="step">The first step that comes again: one more than the checkpoint's, whose own figures stand.</param>
    /// <exception cref="InputException">The event cannot be written.</exception>
    public void MarkRestart(long step) =>
        WriteEvent(step, e => e.WriteMessage(EventFields.SessionLog, log => log.WriteInteger(SessionLogFields.Status, SessionLogFields.Start)));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>
    /// TFRecord's checksum: CRC-32C (Castagnoli), rotated and shifted by a constant, because a CRC over data that
    /// holds CRCs is weak.
    /// </summary>
    /// <param name="data">Any bytes.</param>
    internal static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = ~0u;
        int i = 0;
        for (; i + 8 <= data.Length; i += 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data[i..]));
        }

        for (; i < data.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, data[i]);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8u;
    }

    private void WriteValue(long step, Action<ProtobufWriter> write) =>
        WriteEvent(step, e => e.WriteMessage(EventFields.Summary, summary => summary.WriteMessage(1, write)));

    private void WriteEvent(long step, Action<ProtobufWriter> write)
    {
        ProtobufWriter message = new();
        message.WriteDouble(EventFields.WallTime, _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        message.WriteInteger(EventFields.Step, step);
        write(message);

        ReadOnlySpan<byte> data = message.Written;
        byte[] record = new byte[12 + data.Length + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedCrc(data));
        try
        {
            _file.Write(record);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.Wrap(Path, exception);
        }
    }

    /// <summary>Width, height and channels from a PNG's header chunk.</summary>
    private static (int Width, int Height, int Channels) ReadHeader(ReadOnlySpan<byte> png)
    {
        ReadOnlySpan<byte> start = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];
        if (png.Length < 26 || !png.StartsWith(start))
        {
            throw new ArgumentException("The bytes are no PNG file.", nameof(png));
        }

        int channels = png[25] switch
        {
            0 => 1,
            4 => 2,
            6 => 4,
            _ => 3,
        };
        return (BinaryPrimitives.ReadInt32BigEndian(png[16..]), BinaryPrimitives.ReadInt32BigEndian(png[20..]), channels);
    }

    private static string HostName()
    {
        string host = string.Concat(Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
        return host.Length > 0 ? host : "localhost";
    }

    private static class EventFields
    {
        public const int WallTime = 1;
        public const int Step = 2;
        public const int FileVersion = 3;
        public const int Summary = 5;
        public const int SessionLog = 7;
    }

    private static class ValueFields
    {
        public const int Tag = 1;
        public const int SimpleValue = 2;
        public const int Image = 4;
        public const int Tensor = 8;
        public const int Metadata = 9;
    }

    private static class TensorFields
    {
        public const int DataType = 1;
        public const int Shape = 2;
        public const int StringValue = 8;
        public const int TypeString = 7;
    }

    private static class MetadataFields
    {
        public const int Plugin = 1;
        public const int DataClass = 4;
        public const int ClassTensor = 2;
    }

    private static class ImageFields
    {
        public const int Height = 1;
        public const int Width = 2;
        public const int Channels = 3;
        public const int Encoded = 4;
    }

    private static class SessionLogFields
    {
        public const int Status = 1;
        public const int Start = 1;
    }
}
