using System.Text;
using System.Text.Json;
using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Cli.Tests;

/// <summary>What needs no ffmpeg.</summary>
public class VideoInputTests
{
    [Theory]
    [InlineData("/dev/video0", true)]
    [InlineData("rtsp://camera.example/stream", true)]
    [InlineData("http://camera.example/clip.mp4", true)]
    [InlineData("clip.mp4", false)]
    [InlineData("C://clip.mp4", false)]
    [InlineData("/dev/video0/clip.mp4", false)]
    public void IsSource_Path_TellsCamerasAndAddressesFromFiles(string path, bool expected) => Assert.Equal(expected, VideoInput.IsSource(path));

    [Theory]
    [InlineData("/dev/video0", null, "video0", "-f v4l2 -i /dev/video0")]
    [InlineData("rtsp://u:secret@host:554/cam/1?x=2", null, "1", "-rtsp_transport tcp -i rtsp://u:secret@host:554/cam/1?x=2")]
    [InlineData("http://host/a%20b.mp4", null, "a_20b", "-i http://host/a%20b.mp4")]
    [InlineData("http://host/", null, "host", "-i http://host/")]
    [InlineData("0:none", "avfoundation", "0_none", "-f avfoundation -i 0:none")]
    [InlineData("../..", "lavfi", "video", "-f lavfi -i ../..")]
    public void Source_Path_GivesAPlainNameAndTheWordsForFfmpeg(string path, string? format, string stem, string words)
    {
        VideoInput input = VideoInput.Source(path, format);
        Assert.Equal((stem, words, false), (input.Stem, string.Join(' ', input.Arguments), input.IsFile));
        Assert.DoesNotContain("secret", input.Name, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", input.Hide($"{path}: refused"), StringComparison.Ordinal);
    }

    [Fact]
    public void File_NameThatLooksLikeAnOption_IsAFileForFfmpeg()
    {
        VideoInput input = VideoInput.File("-y.mp4");
        Assert.Equal(["-i", "file:" + Path.GetFullPath("-y.mp4")], input.Arguments);
        Assert.Equal("-y", input.Stem);
    }

    [Theory]
    [InlineData("""{"streams":[{"index":1,"codec_type":"video","avg_frame_rate":"30000/1001","r_frame_rate":"30/1","duration":"10.01"},{"index":0,"codec_type":"audio","codec_name":"aac"}]}""", 1, "30000/1001", 300, "aac")]
    [InlineData("""{"streams":[{"index":0,"codec_type":"video","avg_frame_rate":"0/0","r_frame_rate":"25/1"}],"format":{"duration":"2"}}""", 0, "25/1", 50, null)]
    [InlineData("""{"streams":[{"index":0,"codec_type":"video","avg_frame_rate":"0/0","r_frame_rate":"90000/1"}],"format":{}}""", 0, "25/1", 0, null)]
    [InlineData("""{"streams":[{"index":0,"codec_type":"video","disposition":{"attached_pic":1}},{"index":2,"codec_type":"video","avg_frame_rate":"5/1","duration":"N/A"}]}""", 2, "5/1", 0, null)]
    public void Parse_AnswerOfFfprobe_FindsStreamRateLengthAndSound(string json, int stream, string rate, long frames, string? audio)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(new VideoFacts(stream, rate, frames, audio), VideoFacts.Parse(document.RootElement));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"streams":[]}""")]
    [InlineData("""{"streams":[{"index":0,"codec_type":"video","disposition":{"attached_pic":1}},{"index":1,"codec_type":"audio"}]}""")]
    public void Parse_NoVideo_IsNull(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Null(VideoFacts.Parse(document.RootElement));
    }

    [Fact]
    public void Read_PicturesOneBehindTheOther_GivesEachAndLeavesAnIncompleteOne()
    {
        byte[] first = [.. "P6\n2 1\n255\n"u8, 1, 2, 3, 4, 5, 6];
        byte[] second = [.. "P6\n2 1\n255\n"u8, 7, 8, 9, 10, 11, 12];
        using FrameReader reader = new(new MemoryStream([.. first, .. second, .. second[..^1]]));
        VideoFrame frame = reader.Read(null)!;
        Assert.Equal([1, 2, 3, 4, 5, 6], frame.Image.Pixels);
        Assert.Same(frame, reader.Read(frame));
        Assert.Equal([7, 8, 9, 10, 11, 12], frame.Image.Pixels);
        Assert.Null(reader.Read(frame));
        Assert.Null(reader.Read(frame));
    }

    [Theory]
    [InlineData("P5\n2 1\n255\n")]
    [InlineData("P6\n2 0\n255\n")]
    [InlineData("P6\n2 1\n65535\n")]
    [InlineData("P6\n2000000 1\n255\n")]
    [InlineData("hello")]
    public void Read_SomethingElse_IsRefused(string text)
    {
        using FrameReader reader = new(new MemoryStream(Encoding.ASCII.GetBytes(text)));
        Assert.Throws<InvalidDataException>(() => reader.Read(null));
    }

    [Fact]
    public void ReadAll_Camera_KeepsTheNewestPictureAlone()
    {
        using FrameQueue queue = new(isLive: true);
        using FrameReader reader = new(Pictures(20));
        queue.ReadAll(reader, CancellationToken.None);
        VideoFrame frame = Assert.Single(queue.Frames(CancellationToken.None));
        Assert.Equal((19, 20), (frame.Index, queue.Read));
        Assert.Equal([19, 19, 19], frame.Image.Pixels);
    }

    [Fact]
    public async Task ReadAll_File_WaitsForTheNetworkAndLosesNoPicture()
    {
        using FrameQueue queue = new(isLive: false);
        using FrameReader reader = new(Pictures(50));
        Task reading = Task.Run(() => queue.ReadAll(reader, CancellationToken.None));
        List<VideoFrame> memory = [];
        int next = 0;
        foreach (VideoFrame frame in queue.Frames(CancellationToken.None))
        {
            Assert.Equal((next, (byte)next), (frame.Index, frame.Image.Pixels[0]));
            next++;
            memory.Add(frame);
            queue.Return(frame);
        }

        await reading;
        Assert.Equal(50, next);
        Assert.InRange(memory.Distinct().Count(), 1, 5);
    }

    [Fact]
    public void Create_ResultsThatMeet_AreRefused()
    {
        using TemporaryFolder folder = new();
        VideoInput mp4 = VideoInput.File(folder.File("a.mp4")), mov = VideoInput.File(folder.File("a.mov"));
        Assert.Contains("different folders", Assert.Throws<InputException>(() => VideoPlan.Create([mp4, mov], "out", true, false)).Message, StringComparison.Ordinal);
        VideoInput result = VideoInput.File(folder.File("a_overlay.mp4"));
        Assert.Contains("would overwrite", Assert.Throws<InputException>(() => VideoPlan.Create([mp4, result], folder.Path, true, false)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder.File("a"));
        Assert.Single(VideoPlan.Create([mp4], folder.Path, false, true));
        File.WriteAllText(folder.File("a", "000001.png"), "");
        Assert.Contains("holds something already", Assert.Throws<InputException>(VideoPlan.Create([mp4], folder.Path, false, true)[0].RequireEmptyFolder).Message, StringComparison.Ordinal);
    }

    private static MemoryStream Pictures(int count) =>
        new([.. Enumerable.Range(0, count).SelectMany(i => (byte[])[.. "P6\n1 1\n255\n"u8, (byte)i, (byte)i, (byte)i])]);
}
