using System.Text;

namespace SegNeXt.Training.Tests;

/// <summary>
/// A reader of TensorBoard's event files that shares no code with the writer: checksums bit by bit, messages by walking
/// the wire format.
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
            events.Add(ReadEvent(data));
        }

        return events;
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

    private static Event ReadEvent(byte[] data)
    {
        Event result = new();
        foreach ((int field, object value) in Fields(data))
        {
            switch (field)
            {
                case 1:
                    result.WallTime = BitConverter.Int64BitsToDouble((long)(ulong)value);
                    break;
                case 2:
                    result.Step = (long)(ulong)value;
                    break;
                case 3:
                    result.FileVersion = Encoding.UTF8.GetString((byte[])value);
                    break;
                case 5:
                    byte[] entry = (byte[])Assert.Single(Fields((byte[])value), f => f.Field == 1).Value;
                    foreach ((int inner, object part) in Fields(entry))
                    {
                        switch (inner)
                        {
                            case 1:
                                result.Tag = Encoding.UTF8.GetString((byte[])part);
                                break;
                            case 2:
                                result.Scalar = BitConverter.UInt32BitsToSingle((uint)part);
                                break;
                            case 4:
                                Dictionary<int, object> image = Fields((byte[])part).ToDictionary(f => f.Field, f => f.Value);
                                result.Image = ((int)(ulong)image[1], (int)(ulong)image[2], (int)(ulong)image[3], (byte[])image[4]);
                                break;
                            default:
                                throw new InvalidDataException($"Value field {inner}.");
                        }
                    }

                    break;
                case 7:
                    result.SessionStatus = (int)(ulong)Assert.Single(Fields((byte[])value)).Value;
                    break;
                default:
                    throw new InvalidDataException($"Event field {field}.");
            }
        }

        return result;
    }

    private static List<(int Field, object Value)> Fields(byte[] data)
    {
        List<(int, object)> fields = [];
        int at = 0;
        while (at < data.Length)
        {
            ulong key = Varint(data, ref at);
            object value;
            switch (key & 7)
            {
                case 0:
                    value = Varint(data, ref at);
                    break;
                case 1:
                    value = BitConverter.ToUInt64(data, at);
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(data, ref at);
                    value = data[at..(at + length)];
                    at += length;
                    break;
                case 5:
                    value = BitConverter.ToUInt32(data, at);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {key & 7}.");
            }

            fields.Add(((int)(key >> 3), value));
        }

        return fields;
    }

    private static ulong Varint(byte[] data, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = data[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }

    internal sealed class Event
    {
        public double WallTime { get; set; }

        public long Step { get; set; }

        public string? FileVersion { get; set; }

        public string? Tag { get; set; }

        public float? Scalar { get; set; }

        public (int Height, int Width, int Channels, byte[] Png)? Image { get; set; }

        public int? SessionStatus { get; set; }
    }
}
