using SegNeXt.Core;

namespace SegNeXt.Cli.Tests;

public class OutputPlanTests
{
    private const PredictFiles All = PredictFiles.Overlay | PredictFiles.Probabilities | PredictFiles.Logits;

    [Fact]
    public void Names_FollowTheContract()
    {
        OutputPlan plan = Assert.Single(OutputPlan.Create(["in/street.one.jpg"], "out", All));
        Assert.Equal(Path.Combine("out", "street.one.png"), plan.Ids);
        Assert.Equal(Path.Combine("out", "street.one_overlay.png"), plan.Overlay);
        Assert.Equal(Path.Combine("out", "street.one_probabilities.npy"), plan.Probabilities);
        Assert.Equal(Path.Combine("out", "street.one_logits.npy"), plan.Logits);
    }

    [Fact]
    public void OnlyIdsWanted_PlansNothingMore()
    {
        OutputPlan plan = Assert.Single(OutputPlan.Create(["a.jpg"], "out", PredictFiles.None));
        Assert.Equal((null, null, null), (plan.Overlay, plan.Probabilities, plan.Logits));
    }

    [Theory]
    [InlineData("a/x.jpg", "b/x.png", false)]
    [InlineData("a/x.jpg", "a/x.png", false)]
    [InlineData("x.jpg", "x_overlay.jpg", true)]
    public void TwoPicturesForOneFile_AreRefusedByName(string one, string other, bool overlay)
    {
        InputException error = Assert.Throws<InputException>(() => OutputPlan.Create([one, other], "out", overlay ? PredictFiles.Overlay : PredictFiles.None));
        Assert.Contains($"{one} and {other} would both be written to out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OutputOverAPicture_IsRefused()
    {
        InputException error = Assert.Throws<InputException>(() => OutputPlan.Create(["photos/x.png"], "photos", PredictFiles.None));
        Assert.Contains("would overwrite the picture", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PngIntoAnotherFolder_IsFine() => Assert.Single(OutputPlan.Create(["photos/x.png"], "masks", All));
}
