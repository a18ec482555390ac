using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public sealed class EventFileCutTests
{
    [Theory]
    [InlineData(4, 4, new[] { "train/loss 2", "val/mIoU 2", "train/loss 4", "val/mIoU 4" })]
    [InlineData(4, 2, new[] { "train/loss 2", "val/mIoU 2", "train/loss 4" })]
    [InlineData(3, 2, new[] { "train/loss 2", "val/mIoU 2" })]
    [InlineData(0, 0, new string[0])]
    public void After_Iteration_LeavesWhatCameUpToIt(int iteration, int evaluation, string[] expected)
    {
        using TemporaryFolder folder = new();
        using (TensorBoardWriter writer = new(folder.Path))
        {
            foreach (int step in new[] { 2, 4, 6 })
            {
                writer.AddScalar("train/loss", step, 0.5);
                writer.AddScalar("val/mIoU", step, 0.25);
            }
        }

        string path = Assert.Single(Directory.GetFiles(folder.Path));
        using (FileStream file = new(path, FileMode.Append))
        {
            // A record that the kill tore.
            file.Write([24, 0, 0, 0, 0, 0]);
        }

        EventFileCut.After(folder.Path, iteration, evaluation);
        List<EventFileReader.Event> events = EventFileReader.Read(path);
        Assert.Equal(expected, events.Where(e => e.Tag is not null).Select(e => $"{e.Tag} {e.Step}"));
        Assert.Equal(0, events[0].Step);
    }

    [Fact]
    public void After_BytesThatAreNoEvents_EmptiesTheFileWithoutFault()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("events.out.tfevents.0000000001.host");
        byte[] bytes = [.. Enumerable.Range(0, 300).Select(i => (byte)(i * 37))];
        bytes.AsSpan(0, 8).Clear();
        bytes[0] = 40;
        File.WriteAllBytes(path, bytes);
        EventFileCut.After(folder.Path, 10, 10);
        Assert.Equal(0, new FileInfo(path).Length);
    }
}
