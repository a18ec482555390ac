using System.Buffers.Binary;
using System.Diagnostics;
using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests;

/// <summary>Damaged files, by fixed seeds: each is either read or refused with a sentence, and quickly.</summary>
public sealed class WeightFuzzTests : IDisposable
{
    private const int Rounds = 400;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nano.safetensors", 21504)]
    [InlineData("nano_legacy.pth", 24000)]
    [InlineData("nano_imagenet_backbone.pth", 24000)]
    [InlineData("malicious.pth", 881)]
    public void Open_MutatedHeader_ThrowsNothingButInputException(string name, int header)
    {
        // Without checksums, which would hide the pickle from the damage.
        byte[] original = RawCheckpoint.WithoutChecksums(File.ReadAllBytes(Path.Combine(TestPaths.Golden, name)));
        Random random = new(20220918);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] file = [.. original];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                Mutate(file, random, header);
            }

            refused += Try(file) ? 0 : 1;
        }

        Assert.InRange(refused, 1, Rounds);
    }

    [Theory]
    [InlineData("nano_imagenet_backbone.pth", 30000)]
    [InlineData("malicious.pth", 400)]
    public void Open_MutatedZipDirectory_ThrowsNothingButInputException(string name, int directory)
    {
        byte[] original = File.ReadAllBytes(Path.Combine(TestPaths.Golden, name));
        Random random = new(7);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] file = [.. original];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                Span<byte> tail = file.AsSpan(file.Length - directory);
                Mutate(tail, random, tail.Length);
            }

            Try(file);
        }
    }

    [Theory]
    [InlineData("nano.safetensors")]
    [InlineData("nano_legacy.pth")]
    [InlineData("nano_imagenet_backbone.pth")]
    [InlineData("malicious.pth")]
    public void Open_TruncatedFile_IsRefused(string name)
    {
        byte[] original = File.ReadAllBytes(Path.Combine(TestPaths.Golden, name));
        for (int part = 0; part < 50; part++)
        {
            Assert.False(Try(original[..(int)((long)original.Length * part / 50)]), $"{part}/50");
        }

        Assert.False(Try(original[..^1]));
    }

    [Fact]
    public void Open_NumbersInBigEndianOrder_IsRefused()
    {
        byte[] safetensors = File.ReadAllBytes(Path.Combine(TestPaths.Golden, "nano.safetensors"));
        safetensors.AsSpan(0, 8).Reverse();
        byte[] legacy = File.ReadAllBytes(Path.Combine(TestPaths.Golden, "nano_legacy.pth"));
        int flag = legacy.AsSpan().IndexOf("little_endian"u8) + "little_endian".Length + 2;
        Assert.Equal(0x88, legacy[flag]);
        legacy[flag] = 0x89;

        Assert.False(Try(safetensors));
        Assert.False(Try(legacy));
        Assert.Contains("big-endian", Assert.Throws<InputException>(() => TensorFiles.Open(_folder.File("fuzzed"))).Message, StringComparison.Ordinal);
    }

    /// <summary>Opens the bytes as a file and reads all of it; true if that went well, false if it was refused.</summary>
    private bool Try(byte[] bytes)
    {
        string path = _folder.File("fuzzed");
        File.WriteAllBytes(path, bytes);
        long start = Stopwatch.GetTimestamp();
        try
        {
            using ITensorSource source = TensorFiles.Open(path);
            byte[] buffer = new byte[1 << 16];
            foreach (TensorInfo tensor in source.Tensors)
            {
                source.ReadBytes(tensor.Name, 0, buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.ByteLength)));
            }

            RecoveredModel model = ModelInspector.Recover(source);
            StateMatcher.Match(source, ModelLayout.Enumerate(model.Config), model.NameMap);
            return true;
        }
        catch (InputException error)
        {
            Assert.Contains("fuzzed", error.Message, StringComparison.Ordinal);
            return false;
        }
        finally
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), "took too long");
        }
    }

    private static void Mutate(Span<byte> file, Random random, int header)
    {
        int at = random.Next(Math.Min(header, file.Length) - 8);
        switch (random.Next(6))
        {
            case 0:
                file[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                file[at] = (byte)random.Next(256);
                break;
            case 2:
                BinaryPrimitives.WriteInt32LittleEndian(file[at..], random.Next(4) switch { 0 => -1, 1 => int.MaxValue, 2 => 0, _ => random.Next() });
                break;
            case 3:
                BinaryPrimitives.WriteInt64LittleEndian(file[at..], random.Next(3) switch { 0 => -1, 1 => long.MaxValue, _ => random.NextInt64() });
                break;
            case 4:
                // A digit or an opcode from elsewhere in the header.
                file[at] = file[random.Next(Math.Min(header, file.Length))];
                break;
            default:
                int length = Math.Min(random.Next(1, 40), Math.Min(header, file.Length) - at);
                int from = random.Next(Math.Min(header, file.Length) - length);
                file.Slice(from, length).ToArray().CopyTo(file[at..]);
                break;
        }
    }
}
