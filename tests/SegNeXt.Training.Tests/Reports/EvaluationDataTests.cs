using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public class EvaluationDataTests
{
    [Fact]
    public void Read_Palette_TakesNumbersTextsAndLists()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(
            folder.File("evaluation.json"),
            """{"classes": [{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}], "palette": [1193046, "#abcdef", [1, 2, 3]]}""");
        EvaluationData data = EvaluationData.Read(folder.File("evaluation.json"))!;
        Assert.Equal([0x123456, 0xabcdef, 0x010203], data.Classes.Take(3).Select(c => c.Color));
        Assert.InRange(data.Classes[3].Color, 1, 0xffffff);
        Assert.Null(data.Confusion);
        Assert.Equal(double.NaN, data.MeanIoU);
    }

    [Fact]
    public void Read_NoPalette_GivesEveryClassAColourOfItsOwn()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("e.json"), "{\"classes\": [" + string.Join(',', Enumerable.Repeat("{}", 150)) + "]}");
        EvaluationData data = EvaluationData.Read(folder.File("e.json"))!;
        Assert.Equal("class 149", data.Classes[149].Name);
        Assert.InRange(data.Classes.Select(c => c.Color).Distinct().Count(), 140, 150);
    }

    [Fact]
    public void RunInfo_CommandAsList_IsQuotedForAShell()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("run.json"), """{"command": ["segnext", "train", "my file.yaml", "it's", ""], "versions": {"a": "1", "b": 2}, "parameters": "many"}""");
        RunInfo info = RunInfo.Read(folder.File("run.json"))!;
        Assert.Equal("segnext train 'my file.yaml' 'it'\\''s' ''", info.Command);
        Assert.Equal([("a", "1"), ("b", "2")], info.Versions);
        Assert.Equal(double.NaN, info.Parameters);
        Assert.Null(info.Started);
    }
}
