using SegNeXt.Core;

namespace SegNeXt.Training.Tests;

public class TradeOffChartTests
{
    [Fact]
    public void Circles_Models_StandWhereTheirFiguresAreAndHaveTheAreaOfTheirParameters()
    {
        Comparison comparison = Compare(("t", "t", 0.4), ("s", "s", 0.5), ("b0", "segformer-b0", 0.3));
        TradeOffChart chart = new(comparison);
        Assert.Equal(["t", "s", "b0"], chart.Circles.Select(circle => circle.Name));
        foreach ((TradeOffChart.Circle circle, ComparedModel model) in chart.Circles.Zip(comparison.Models))
        {
            Assert.Equal(chart.X(model.Complexity.Gmacs), circle.X, 1e-9);
            Assert.Equal(chart.Y(100 * model.Result.Metrics.MIoU), circle.Y, 1e-9);
            Assert.InRange(circle.X, TradeOffChart.Left, TradeOffChart.Right);
            Assert.InRange(circle.Y, TradeOffChart.Top, TradeOffChart.Bottom);
        }

        double area = Math.Pow(chart.Circles[1].Radius / chart.Circles[0].Radius, 2);
        Assert.Equal((double)comparison.Models[1].Complexity.Parameters / comparison.Models[0].Complexity.Parameters, area, 1e-9);
        Assert.NotEqual(chart.Circles[0].Color, chart.Circles[2].Color);
        Assert.Equal(chart.Circles[0].Color, chart.Circles[1].Color);
    }

    [Fact]
    public void Lines_OneFamily_JoinTheBestOfEachCost()
    {
        TradeOffChart chart = new(Compare(("s", "s", 0.5), ("t", "t", 0.4), ("t again", "t", 0.45), ("b0", "segformer-b0", 0.3)));
        TradeOffChart.Line line = Assert.Single(chart.Lines);
        Assert.Equal([(chart.Circles[2].X, chart.Circles[2].Y), (chart.Circles[0].X, chart.Circles[0].Y)], line.Points);
    }

    [Fact]
    public void Labels_ModelsCloseTogether_DoNotCoverEachOther()
    {
        TradeOffChart chart = new(Compare([.. Enumerable.Range(0, 4).Select(i => ($"model {i}", "t", 0.40 + (i * 1e-3))), ("s", "s", 0.8)]));
        for (int i = 0; i < chart.Labels.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                bool apart = Math.Abs(chart.Labels[i].Y - chart.Labels[j].Y) >= 0.8 * TradeOffChart.TextSize || Math.Abs(chart.Labels[i].X - chart.Labels[j].X) >= 40;
                Assert.True(apart, $"{i} and {j}");
            }
        }
    }

    [Fact]
    public void Chart_ModelWithoutAFigure_LeavesItOut()
    {
        TradeOffChart chart = new(Compare(("t", "t", 0.4), ("broken", "s", double.NaN)));
        Assert.Equal(["t"], chart.Circles.Select(circle => circle.Name));
        Assert.Empty(new TradeOffChart(Compare(("broken", "s", double.NaN))).Circles);
    }

    [Fact]
    public void Svg_NameWithMarkup_IsEscapedAndWellFormed()
    {
        string svg = TradeOffSvg.Write(new TradeOffChart(Compare(("<t> & \"co\"", "t", 0.4), ("s", "s", 0.5)))).ToString();
        System.Xml.Linq.XElement root = System.Xml.Linq.XElement.Parse(svg);
        Assert.Equal("svg", root.Name.LocalName);
        Assert.Contains(root.Descendants(), element => element.Name.LocalName == "text" && element.Value == "<t> & \"co\"");
    }

    [Theory]
    [InlineData(41.3, 58.9, 40, 60)]
    [InlineData(0, 100, 0, 100)]
    [InlineData(7.1, 7.4, 7.1, 7.4)]
    public void AxisAround_Values_EndsAtRoundNumbersOutside(double low, double high, double first, double last)
    {
        Axis axis = Axis.Around(low, high, 5);
        Assert.Equal((first, last), (axis.Ticks[0], axis.Ticks[^1]));
        Assert.InRange(axis.Ticks.Count, 3, 9);
    }

    [Fact]
    public void Page_SameComparison_GivesTheSameBytes()
    {
        using TestUtilities.TemporaryFolder folder = new();
        Comparison comparison = Compare(("t", "t", 0.4), ("b0", "segformer-b0", 0.3));
        byte[] first = File.ReadAllBytes(ComparisonPage.Write(folder.File("a"), comparison));
        Assert.Equal(first, File.ReadAllBytes(ComparisonPage.Write(folder.File("b"), comparison)));
    }

    private static Comparison Compare(params (string Name, string Preset, double MeanIoU)[] models) => new(
        "data, val", ClassSet.Default(2), 64, 96,
        [
            .. models.Select(model =>
            {
                ModelConfig config = ModelConfig.Preset(model.Preset, 2);
                return new ComparedModel(model.Name, model.Name + ".pth", config, ModelComplexity.Count(config, 64, 96), new EvaluationResult(Confusion(model.MeanIoU), 5, 2), "torch");
            }),
        ],
        []);

    /// <summary>A matrix of two classes whose IoUs are both the given one; none at all for NaN.</summary>
    private static ConfusionMatrix Confusion(double meanIoU)
    {
        ConfusionMatrix confusion = new(2);
        if (double.IsNaN(meanIoU))
        {
            return confusion;
        }

        // right / (right + 2 wrong) of each class.
        const int Right = 1000;
        int wrong = (int)Math.Round(Right * ((1 / meanIoU) - 1) / 2);
        LabelMap truth = new(2 * (Right + wrong), 1), prediction = new(2 * (Right + wrong), 1);
        for (int i = 0; i < truth.Ids.Length; i++)
        {
            truth.Ids[i] = (byte)(i % 2);
            prediction.Ids[i] = (byte)(i < 2 * Right ? i % 2 : 1 - (i % 2));
        }

        confusion.Add(prediction, truth);
        return confusion;
    }
}
