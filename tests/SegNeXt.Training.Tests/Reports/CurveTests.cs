namespace SegNeXt.Training.Tests;

public class CurveTests
{
    [Fact]
    public void Of_EntriesOutOfOrder_AreSortedAndOthersLeftOut()
    {
        LogEntry[] entries =
        [
            new(20, new Dictionary<string, double> { ["loss"] = 2 }),
            new(10, new Dictionary<string, double> { ["loss"] = 1 }),
            new(15, new Dictionary<string, double> { ["lr"] = 9 }),
        ];
        Curve curve = Curve.Of(entries, "loss");
        Assert.Equal([10, 20], curve.X);
        Assert.Equal([1, 2], curve.Y);
    }

    [Fact]
    public void Smooth_StraightLine_StaysStraightAtTheStart()
    {
        Curve line = Line(50, i => 3 * i);
        Curve smooth = line.Smooth(5);
        for (int i = 0; i < 45; i++)
        {
            Assert.Equal(3.0 * i, smooth.Y[i], 10);
        }

        Assert.Equal(3 * (44 + 49) / 2.0, smooth.Y[49], 10);
    }

    [Fact]
    public void Smooth_Gaps_StayGapsAndDoNotSpread()
    {
        Curve smooth = Line(11, i => i == 5 ? double.NaN : i == 6 ? 1e9 : 1).Smooth(3, highest: 10);
        Assert.Equal(double.NaN, smooth.Y[5]);
        Assert.All(smooth.Y.Where((_, i) => i != 5), y => Assert.Equal(1, y));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(99_999)]
    public void Thin_LongCurve_KeepsEndsExtremesAndOrder(int limit)
    {
        Random random = new(3);
        Curve curve = Line(100_000, _ => random.NextDouble());
        curve.Y[12_345] = 7;
        curve.Y[54_321] = -7;
        curve.Y[77_777] = double.NaN;
        Curve thin = curve.Thin(limit);
        Assert.InRange(thin.Count, limit / 2, (limit * 3 / 2) + 2);
        Assert.Contains(7, thin.Y);
        Assert.Contains(-7, thin.Y);
        Assert.Contains(double.NaN, thin.Y);
        Assert.Equal((curve.X[0], curve.X[^1]), (thin.X[0], thin.X[^1]));
        Assert.Equal(thin.X.Order(), thin.X);
        Assert.All(thin.X.Zip(thin.Y), p => Assert.Equal(curve.Y[(int)p.First], p.Second));
    }

    [Fact]
    public void Thin_ShortCurve_IsItself()
    {
        Curve curve = Line(10, i => i);
        Assert.Same(curve, curve.Thin(10));
    }

    [Fact]
    public void Quantile_KnownValues()
    {
        Curve curve = Line(101, i => 100 - i);
        curve.Y[0] = double.NaN;
        Assert.Equal(0, curve.Quantile(0));
        Assert.Equal(99, curve.Quantile(1));
        Assert.Equal(double.NaN, new Curve([1], [double.NaN]).Quantile(0.5));
    }

    [Theory]
    [InlineData(3.2, 4, new[] { 0.0, 1, 2, 3, 4 })]
    [InlineData(1e-3, 4, new[] { 0, 2.5e-4, 5e-4, 7.5e-4, 1e-3 })]
    [InlineData(0.3, 3, new[] { 0, 0.1, 0.2, 0.3 })]
    [InlineData(0.0, 4, new[] { 0, 0.25, 0.5, 0.75, 1 })]
    [InlineData(double.NaN, 4, new[] { 0, 0.25, 0.5, 0.75, 1 })]
    public void Axis_FromZero_HasRoundTicksUpToTheValue(double largest, int intervals, double[] ticks)
    {
        Axis axis = Axis.FromZero(largest, intervals);
        Assert.Equal(ticks, axis.Ticks);
        Assert.Equal(ticks[^1], axis.Max);
        Assert.Equal(0.5, axis.Place(axis.Max / 2), 12);
    }

    [Fact]
    public void Axis_Exact_EndsAtTheValue()
    {
        Axis axis = Axis.FromZero(1900, 5, exact: true);
        Assert.Equal([0, 500, 1000, 1500], axis.Ticks);
        Assert.Equal(1900, axis.Max);
    }

    [Theory]
    [InlineData(42.4, "42 s")]
    [InlineData(99.4, "99 s")]
    [InlineData(100, "2 min")]
    [InlineData(3061.7, "51 min")]
    [InlineData(3569, "59 min")]
    [InlineData(3590, "1 h")]
    [InlineData(5000, "1 h 23 min")]
    [InlineData(86390, "1 d")]
    [InlineData(123456, "1 d 10 h")]
    [InlineData(double.NaN, "–")]
    [InlineData(-1.0, "–")]
    public void Duration_Seconds_ReadAsPeopleSayThem(double seconds, string expected)
    {
        Assert.Equal(expected, string.Join(' ', ReportNumbers.Duration(seconds).Select(part => $"{part.Number} {part.Unit}".Trim())));
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.123456, "0.1235")]
    [InlineData(12345.6, "12,346")]
    [InlineData(1e-5, "1e-5")]
    [InlineData(6.0e9, "6e9")]
    [InlineData(double.PositiveInfinity, "–")]
    public void Short_Numbers_KeepFourDigits(double value, string expected) => Assert.Equal(expected, ReportNumbers.Short(value));

    private static Curve Line(int count, Func<int, double> y) =>
        new([.. Enumerable.Range(0, count).Select(i => (double)i)], [.. Enumerable.Range(0, count).Select(y)]);
}
