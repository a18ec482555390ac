using System.Globalization;
using SegNeXt.Training;
using Spectre.Console;

namespace SegNeXt.Cli;

/// <summary>A classifier's figures for people.</summary>
internal static class ClassificationTable
{
    /// <summary>The table.</summary>
    /// <param name="result">The evaluation.</param>
    public static Table Create(ClassificationResult result) => new Table()
        .AddColumn("top-1, %")
        .AddColumn("top-5, %")
        .AddColumn("images")
        .AddColumn("seconds")
        .AddRow(Percent(result.Top1), Percent(result.Top5), Text($"{result.Images}"), Text($"{result.Seconds:0.0}"));

    private static string Percent(double share) => Text($"{100 * share:0.00}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
