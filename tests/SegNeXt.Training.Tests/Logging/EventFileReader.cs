using System.Text;
using Google.Protobuf;

namespace SegNeXt.Training.Tests;

/// <summary>
/// A reader of TensorBoard's event files that shares no code with the writer: Google's library takes the messages apart,
/// by the field numbers of TensorFlow's <c>event.proto</c>, <c>summary.proto</c> and <c>tensor.proto</c>; checksums are
/// computed bit by bit.
/// </summary>
internal static class EventFileReader
{
    /// <summary>The events up to the end of the file or its first incomplete record; a wrong checksum throws.</summary>
    public static List<Event> Read(string path)
    {
        using BinaryReader reader = new(File.OpenRead(path));
        List<Event> events = [];
        while (reader.BaseStream.Length - reader.BaseStream.Position >= 12)
        {
            byte[] header = reader.ReadBytes(8);
            CheckCrc(header, reader.ReadUInt32());
            long length = BitConverter.ToInt64(header);
            if (reader.BaseStream.Length - reader.BaseStream.Position < length + 4)
            {
                break;
            }

            byte[] data = reader.ReadBytes((int)length);
            CheckCrc(data, reader.ReadUInt32());
            events.Add(ReadEvent(new CodedInputStream(data)));
        }

        return events;
    }

    /// <summary>
    /// What TensorBoard shows of a folder: its files in the order of their names, and at each session's start what came
    /// before of that step and later forgotten (<c>EventAccumulator._CheckForRestartAndMaybePurge</c>).
    /// </summary>
    public static List<Event> Merge(string folder)
    {
        List<Event> shown = [];
        foreach (string path in Directory.GetFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal))
        {
            foreach (Event next in Read(path))
            {
                if (next.SessionStatus == 1)
                {
                    shown.RemoveAll(earlier => earlier.Step >= next.Step);
                }
                else if (next.Tag is not null)
                {
                    shown.Add(next);
                }
            }
        }

        return shown;
    }

    /// <summary>CRC-32C, one bit at a time, from its polynomial 0x1EDC6F41.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = 0xffffffff;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
            }
        }

        return crc ^ 0xffffffff;
    }

    private static void CheckCrc(byte[] data, uint stored)
    {
        uint rotated = stored - 0xa282ead8;
        uint crc = (rotated >> 17) | (rotated << 15);
        if (crc != Crc32C(data))
        {
            throw new InvalidDataException("Wrong checksum.");
        }
    }

    private static Event ReadEvent(CodedInputStream input)
    {
        Event result = new();
        Each(input, field =>
        {
            switch (field)
            {
                case 1:
                    result.WallTime = input.ReadDouble();
                    break;
                case 2:
                    result.Step = input.ReadInt64();
                    break;
                case 3:
                    result.FileVersion = input.ReadString();
                    break;
                case 5:
                    Message(input, summary => Each(summary, value =>
                    {
                        Assert.Equal(1, value);
                        Message(summary, inner => ReadValue(inner, result));
                    }));
                    break;
                case 7:
                    Message(input, log => Each(log, status =>
                    {
                        Assert.Equal(1, status);
                        result.SessionStatus = log.ReadEnum();
                    }));
                    break;
                default:
                    throw new InvalidDataException($"Event field {field}.");
            }
        });
        return result;
    }

    private static void ReadValue(CodedInputStream input, Event result) => Each(input, field =>
    {
        switch (field)
        {
            case 1:
                result.Tag = input.ReadString();
                break;
            case 2:
                result.Scalar = input.ReadFloat();
                break;
            case 4:
                result.Image = new Picture();
                Message(input, image => ReadImage(image, result.Image));
                break;
            case 8:
                Message(input, tensor => result.Text = ReadText(tensor));
                break;
            case 9:
                Message(input, metadata => Each(metadata, part =>
                {
                    switch (part)
                    {
                        case 1:
                            Message(metadata, plugin => Each(plugin, name =>
                            {
                                Assert.Equal(1, name);
                                result.Plugin = plugin.ReadString();
                            }));
                            break;
                        case 4:
                            Assert.Equal(2, metadata.ReadEnum());
                            break;
                        default:
                            throw new InvalidDataException($"Metadata field {part}.");
                    }
                }));
                break;
            default:
                throw new InvalidDataException($"Value field {field}.");
        }
    });

    private static void ReadImage(CodedInputStream input, Picture picture) => Each(input, field =>
    {
        switch (field)
        {
            case 1:
                picture.Height = input.ReadInt32();
                break;
            case 2:
                picture.Width = input.ReadInt32();
                break;
            case 3:
                picture.Channels = input.ReadInt32();
                break;
            case 4:
                picture.Png = input.ReadBytes().ToByteArray();
                break;
            default:
                throw new InvalidDataException($"Image field {field}.");
        }
    });

    /// <summary>A tensor of one string.</summary>
    private static string ReadText(CodedInputStream input)
    {
        string? text = null;
        Each(input, field =>
        {
            switch (field)
            {
                case 1:
                    // DT_STRING
                    Assert.Equal(7, input.ReadEnum());
                    break;
                case 2:
                    Message(input, shape => Each(shape, dimension =>
                    {
                        Assert.Equal(2, dimension);
                        Message(shape, size => Each(size, part =>
                        {
                            Assert.Equal(1, part);
                            Assert.Equal(1, size.ReadInt64());
                        }));
                    }));
                    break;
                case 8:
                    Assert.Null(text);
                    text = Encoding.UTF8.GetString(input.ReadBytes().Span);
                    break;
                default:
                    throw new InvalidDataException($"Tensor field {field}.");
            }
        });
        return Assert.IsType<string>(text);
    }

    private static void Each(CodedInputStream input, Action<int> read)
    {
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            read(WireFormat.GetTagFieldNumber(tag));
        }
    }

    private static void Message(CodedInputStream input, Action<CodedInputStream> read) => read(input.ReadBytes().CreateCodedInput());

    internal sealed class Event
    {
        public double WallTime { get; set; }

        public long Step { get; set; }

        public string? FileVersion { get; set; }

        public string? Tag { get; set; }

        public float? Scalar { get; set; }

        public Picture? Image { get; set; }

        public string? Text { get; set; }

        public string? Plugin { get; set; }

        public int? SessionStatus { get; set; }
    }

    internal sealed class Picture
    {
        public int Height { get; set; }

        public int Width { get; set; }

        public int Channels { get; set; }

        public byte[] Png { get; set; } = [];
    }
}
