using System.Globalization;
using SegNeXt.Core;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SegNeXt.Cli;

/// <summary>An evaluation's figures for people: per cent, one row a class, the means below.</summary>
internal static class MetricsTable
{
    /// <summary>Lays out the figures.</summary>
    /// <param name="metrics">The figures.</param>
    /// <param name="names">The classes' names.</param>
    /// <param name="images">Number of pictures.</param>
    /// <param name="seconds">Time taken.</param>
    public static IRenderable Create(SegmentationMetrics metrics, IReadOnlyList<string> names, int images, double seconds)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("class");
        foreach (string column in new[] { "IoU", "Acc", "Dice", "F-score", "Precision", "Recall" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        for (int id = 0; id < names.Count; id++)
        {
            ClassMetrics c = metrics.Classes[id];
            table.AddRow([new Text(names[id]), .. Cells(c.IoU, c.Acc, c.Dice, c.Fscore, c.Precision, c.Recall)]);
        }

        table.AddEmptyRow();
        table.AddRow([new Text("mean"), .. Cells(metrics.MIoU, metrics.MAcc, metrics.MDice, metrics.MFscore, metrics.MPrecision, metrics.MRecall)]);
        string summary = string.Create(
            CultureInfo.InvariantCulture,
            $"mIoU {Percent(metrics.MIoU)}  aAcc {Percent(metrics.AAcc)}  mAcc {Percent(metrics.MAcc)}  mDice {Percent(metrics.MDice)}  mFscore {Percent(metrics.MFscore)}   (in %, {images} pictures, {seconds:0.0} s)");
        return new Rows(table, new Text(summary), Text.NewLine);
    }

    private static IEnumerable<IRenderable> Cells(params double[] values) => values.Select(value => new Text(Percent(value)));

    private static string Percent(double fraction) =>
        double.IsNaN(fraction) ? "-" : (fraction * 100).ToString("0.00", CultureInfo.InvariantCulture);
}
