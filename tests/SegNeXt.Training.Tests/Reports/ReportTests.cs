using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public sealed partial class ReportTests
{
    private static readonly string[] s_void = ["meta", "img", "br", "rect", "path"];

    [Fact]
    public void Write_FullRun_HasEveryPart()
    {
        using FakeRun run = Full();
        string html = run.Report();
        Assert.Equal(run.File("report.html"), Report.Write(run.Folder));
        foreach (string id in new[] { "curves", "classes", "confusion", "samples", "run" })
        {
            Assert.Contains($"<section id=\"{id}\">", html, StringComparison.Ordinal);
        }

        Assert.Contains("<h1>SegNeXt-T on streets</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Mean IoU</dt><dd>43.2<small>%</small> </dd><dd class=\"context\">best 50.0 % at iteration 200</dd>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Pixel accuracy</dt><dd>90.0<small>%</small>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Parameters</dt><dd>4.26<small>M</small> </dd><dd class=\"context\">4,263,414</dd>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Iterations</dt><dd>200</dd><dd class=\"context\">batch 8, crop 256×320</dd>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Time</dt><dd>51<small>min</small> </dd><dd class=\"context\">5.2 images a second</dd>", html, StringComparison.Ordinal);
        Assert.Contains("4 March 2025, 05:06 UTC", html, StringComparison.Ordinal);
        Assert.Contains("<code>segnext train x.yaml</code>", html, StringComparison.Ordinal);
        Assert.Contains("<summary>Configuration</summary>", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        AssertBalanced(html);
    }

    [Fact]
    public void Write_AnyRun_AsksTheNetworkForNothing()
    {
        using FakeRun run = Full();
        string html = run.Report();
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("""(?i)(src|href|action|poster|data)\s*=\s*["'](?!data:image/(png|jpeg);base64,)""", html.Replace("data-", "", StringComparison.Ordinal));
        foreach (string forbidden in new[] { "http:", "https:", "url(", "@import", "<link", "<iframe", "fetch(", "XMLHttpRequest", "import(" })
        {
            Assert.DoesNotContain(forbidden, html, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Write_MarkupInEveryText_IsShownAndNotObeyed()
    {
        const string Evil = "<script>alert('1')</script>&\"<img src=x onerror=alert(2)>";
        using FakeRun run = new FakeRun("a <b>bold name").WithLog(50).WithInfo(Evil).WithEvaluation(Evil, "b" + Evil, "c").WithSamples("s <i>&' x");
        File.WriteAllText(run.File("config.yaml"), "# " + Evil);
        string html = run.Report();
        Assert.Single(Regex.Matches(html, "<script"));
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>bold", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>&", html, StringComparison.Ordinal);
        Assert.Contains("<h1>a &lt;b&gt;bold name</h1>", html, StringComparison.Ordinal);
        Assert.Contains(Html.Escape(Evil), html, StringComparison.Ordinal);
        AssertBalanced(html);
    }

    [Theory]
    [InlineData("a<b>&\"'c")]
    [InlineData("街道 & straße 🚗\n\tx")]
    [InlineData("&amp;lt;")]
    public void Escape_AnyText_DecodesToItself(string text) => Assert.Equal(text, WebUtility.HtmlDecode(Html.Escape(text)));

    [Fact]
    public void Write_Curves_HaveAPointForEveryLine()
    {
        using FakeRun run = new FakeRun().WithLog(730);
        string html = run.Report();
        Assert.Equal([73, 73], Paths(html, "Loss").Select(Points));
        Assert.Equal([14, 14, 14, 14], Paths(html, "Validation").Select(Points));
        Assert.Equal([73], Paths(html, "Learning rate").Select(Points));
        Assert.All(Paths(html, "Loss"), path => Assert.Single(Regex.Matches(path, "M")));
    }

    [Fact]
    public void Write_VeryLongLog_ThinsTheCurvesButKeepsThePeak()
    {
        using FakeRun run = new FakeRun().WithLog(100_000, i => i == 50_000 ? 3.5 : 1 + (i % 70 / 700.0));
        string faint = Paths(run.Report(), "Loss")[0];
        Assert.InRange(Points(faint), 1000, 1700);

        // The axis ends at 4, so that 3.5 lies 50 below the top of 400.
        Assert.Contains("L500 50", faint, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LossNotANumber_LeavesAGapAndSaysSo()
    {
        using FakeRun run = new FakeRun().WithLog(500, i => i is >= 200 and < 250 ? double.NaN : i == 400 ? double.PositiveInfinity : 1);
        string html = run.Report();
        Assert.Contains("6 of 50 values are not a number, the first at iteration 200.", html, StringComparison.Ordinal);
        string faint = Paths(html, "Loss")[0];
        Assert.Equal(44, Points(faint));
        Assert.Equal(3, Regex.Count(faint, "M"));
        Assert.DoesNotContain("NaN", html.Replace("NaN\">", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OneWildValue_DoesNotFlattenTheRest()
    {
        using FakeRun run = new FakeRun().WithLog(1000, i => i == 500 ? 1e30 : 2);
        string html = run.Report();
        Assert.Contains("One value, 1e30, lies above the plot.", html, StringComparison.Ordinal);
        Assert.Contains(">3</span>", html, StringComparison.Ordinal);
        string smooth = Paths(html, "Loss")[1];
        Assert.Single(Regex.Matches(smooth, @"L500 [\d.]+").Select(m => m.Value).Distinct());
        Assert.All(Regex.Matches(smooth, @"[ML][\d.]+ ([-\d.]+)"), m => Assert.InRange(double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), 0, 400));
    }

    [Fact]
    public void Write_NothingButNaN_StillReports()
    {
        using FakeRun run = new FakeRun().WithLog(100, _ => double.NaN);
        string html = run.Report();
        Assert.Contains("10 of 10 values are not a number", html, StringComparison.Ordinal);
        AssertBalanced(html);
    }

    [Fact]
    public void Write_MissingParts_AreLeftOut()
    {
        using FakeRun onlyLog = new FakeRun().WithLog(20);
        string html = onlyLog.Report();
        Assert.Contains("<h1>street run</h1>", html, StringComparison.Ordinal);
        Assert.Equal(["curves"], Sections(html));
        Assert.DoesNotContain("Mean IoU", html, StringComparison.Ordinal);

        using FakeRun onlyConfig = new FakeRun().WithConfig();
        Assert.Equal(["run"], Sections(onlyConfig.Report()));

        using FakeRun onlyEvaluation = new FakeRun().WithEvaluation("a", "b", "c");
        html = onlyEvaluation.Report();
        Assert.Equal(["classes", "confusion"], Sections(html));
        Assert.Contains("101 images", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Classes_AreBestFirstWithTheirColoursAndADashForNone()
    {
        using FakeRun run = new FakeRun().WithEvaluation("low", "high", "none");
        string html = run.Report();
        Assert.Equal(["high", "low", "none"], Regex.Matches(html, "<th scope=\"row\"><i [^>]*></i>([^<]*)</th>").Select(m => m.Groups[1].Value));
        Assert.Contains("<span style=\"--c:#102031;width:50%\">", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"num strong\">50.0</td><td class=\"num\">75.0</td><td class=\"num wide\">50.0</td>", html, StringComparison.Ordinal);
        Assert.Contains("<span style=\"--c:#102032;width:0%\"></span></div></td><td class=\"num strong\">–</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Confusion_ShowsRowShares()
    {
        using FakeRun run = new FakeRun().WithEvaluation("car", "road", "none");
        string html = run.Report();
        Assert.Contains("<title>car recognised: 90.0 %, 900 pixels</title>", html, StringComparison.Ordinal);
        Assert.Contains("<title>car taken for road: 10.0 %, 100 pixels</title>", html, StringComparison.Ordinal);
        Assert.Contains("<li><span>car <em>for</em> road</span><b>10.0 %</b></li>", html, StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(html, "<title>[^<]*pixels"));
    }

    [Fact]
    public void Write_HundredAndFiftyClasses_StaysSmall()
    {
        using FakeRun run = new FakeRun().WithEvaluation(FakeRun.Names(150));
        string html = run.Report();
        Assert.InRange(html.Length, 50_000, 250_000);
        Assert.Equal(298, Regex.Count(html, "<title>kind [^<]*pixels"));
        AssertBalanced(html);
    }

    [Fact]
    public void Write_Samples_HoldThePicturesThemselves()
    {
        using FakeRun run = new FakeRun().WithEvaluation("a", "b").WithSamples("two", "one");
        File.Delete(run.File("samples", "two_truth.png"));
        File.WriteAllBytes(run.File("samples", "alone_prediction.png"), FakeRun.Png);
        string html = run.Report();
        Assert.Equal(2, Regex.Count(html, "class=\"sample\""));
        Assert.Equal(5, Regex.Count(html, "<img "));
        Assert.True(html.IndexOf(">one<", StringComparison.Ordinal) < html.IndexOf(">two<", StringComparison.Ordinal));
        Assert.Equal(2, Regex.Count(html, Regex.Escape("src=\"data:image/jpeg;base64," + Convert.ToBase64String(FakeRun.Jpeg) + "\"")));
        Assert.Single(Regex.Matches(html, Regex.Escape("src=\"data:image/png;base64," + Convert.ToBase64String(FakeRun.Png) + "\"")));
    }

    [Fact]
    public void Write_WorstAndBest_AreShownWithTheirOwnFigures()
    {
        using FakeRun run = new FakeRun().WithEvaluation("ground", "sky").WithRankedSamples();
        string html = run.Report();
        int worst = html.IndexOf("<h3>Worst</h3>", StringComparison.Ordinal);
        int best = html.IndexOf("<h3>Best</h3>", StringComparison.Ordinal);
        Assert.InRange(worst, 1, best);
        Assert.Equal(8, Regex.Count(html, "class=\"sample\""));
        Assert.Equal(4 * 8, Regex.Count(html, "<img "));
        Assert.Contains("<span>street/3</span><span>mean IoU <b>51.3 %</b></span><span>pixels right <b>70.0 %</b></span>", html[worst..best], StringComparison.Ordinal);
        Assert.Contains("<span>street/0</span><span>mean IoU <b>100.0 %</b></span>", html[best..], StringComparison.Ordinal);
        Assert.Contains("</i>sky <b>40.0</b></li>", html[worst..best], StringComparison.Ordinal);
        Assert.Contains("data-classes=\"{&quot;102030&quot;:&quot;ground&quot;,&quot;102031&quot;:&quot;sky&quot;}\"", html, StringComparison.Ordinal);
        Assert.Contains("at least 0.1 % of its labelled pixels", html, StringComparison.Ordinal);
        AssertBalanced(html);
    }

    [Fact]
    public void Write_PicturesBeyondTheLimit_AreLeftOutAndCounted()
    {
        using FakeRun run = new FakeRun().WithEvaluation("a", "b").WithSamples("1", "2", "3");
        byte[] large = [.. FakeRun.Png, .. new byte[1_500_000]];
        File.WriteAllBytes(run.File("samples", "1_prediction.png"), large);
        File.WriteAllBytes(run.File("samples", "2_prediction.png"), large);
        string html = run.Report();
        Assert.Equal(2, Regex.Count(html, "class=\"sample\""));
        Assert.Contains("1 more would make this file too large", html, StringComparison.Ordinal);
        Assert.InRange(html.Length, 2_000_000, SampleGallery.MaxBytes + 100_000);
    }

    [Fact]
    public void Write_OneClass_StillReports()
    {
        using FakeRun run = new FakeRun().WithLog(50).WithEvaluation("only").WithSamples("x");
        string html = run.Report();
        Assert.Equal(["curves", "classes", "samples"], Sections(html));
        AssertBalanced(html);
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytesAndLeavesNoOther()
    {
        using FakeRun run = Full();
        string first = run.Report();
        Assert.Equal(first, run.Report());
        Assert.Equal(["config.yaml", "evaluation.json", "log.jsonl", "report.html", "run.json"], Directory.GetFiles(run.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_NoRun_SaysSo()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("is not the folder of a run", Assert.Throws<InputException>(() => Report.Write(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no such folder", Assert.Throws<InputException>(() => Report.Write(folder.File("none"))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("evaluation.json", "{\"mIoU\": 0.5,\n", "is not JSON (line 2).")]
    [InlineData("evaluation.json", "[1]", "is not a JSON object.")]
    [InlineData("run.json", "", "is not JSON (line 1).")]
    public void Write_DamagedFile_IsNamed(string name, string content, string expected)
    {
        using FakeRun run = new FakeRun().WithLog(10);
        File.WriteAllText(run.File(name), content);
        Assert.Equal($"{run.File(name)}: {expected}", Assert.Throws<InputException>(() => Report.Write(run.Folder)).Message);
        Assert.False(File.Exists(run.File("report.html")));
    }

    [Theory]
    [InlineData("""{"mIoU": "high", "classes": 5, "confusion": [[1]], "palette": {}}""")]
    [InlineData("""{"classes": [1, {"name": 2}, {"name": "a", "IoU": "x"}], "confusion": [[1, 2], [3]], "palette": ["#12", -1, [1, 2]]}""")]
    [InlineData("""{"classes": [{"name": "a"}, {"name": "b"}], "confusion": [[1, -2], [3, null]]}""")]
    [InlineData("""{"classes": [{"name": "a"}, {"name": "b"}], "confusion": [[0, 0], [0, 0]]}""")]
    public void Write_UnexpectedValues_CountAsAbsent(string json)
    {
        using FakeRun run = new();
        File.WriteAllText(run.File("evaluation.json"), json);
        string html = run.Report();
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        AssertBalanced(html);
    }

    private static FakeRun Full() => new FakeRun().WithConfig().WithLog(200).WithEvaluation("a", "b", "c").WithInfo().WithSamples("x", "y");

    private static string[] Sections(string html) => [.. Regex.Matches(html, "<section id=\"(\\w+)\"").Select(m => m.Groups[1].Value)];

    /// <summary>The curves and rows of dots of a chart.</summary>
    private static string[] Paths(string html, string title)
    {
        Match chart = Regex.Match(html, $"<h3>{title}</h3>.*?</figure>", RegexOptions.Singleline);
        Assert.True(chart.Success);
        return [.. Regex.Matches(chart.Value, "<path class=\"(?:curve|dots)[^\"]*\" d=\"([^\"]*)\"").Select(m => m.Groups[1].Value)];
    }

    private static int Points(string path) => Regex.Count(path, "[ML]");

    /// <summary>Checks that every element is closed, and by its own end tag.</summary>
    private static void AssertBalanced(string html)
    {
        string body = Regex.Replace(html, "<(style|script)>.*?</\\1>", "", RegexOptions.Singleline);
        Stack<string> open = new();
        foreach (Match tag in Tag().Matches(body))
        {
            string name = tag.Groups[2].Value;
            if (tag.Groups[1].Length > 0)
            {
                Assert.True(open.TryPop(out string? expected), $"</{name}> closes nothing");
                Assert.Equal(expected, name);
            }
            else if (!tag.Value.EndsWith("/>", StringComparison.Ordinal) && (!s_void.Contains(name) || name is "rect" or "path"))
            {
                open.Push(name);
            }
        }

        Assert.Empty(open);
        Assert.StartsWith("<!doctype html>", html, StringComparison.Ordinal);
    }

    [GeneratedRegex("<(/?)([a-z][a-z0-9]*)(?:\\s[^<>]*)?>")]
    private static partial Regex Tag();
}
