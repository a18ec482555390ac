using System.Globalization;
using SegNeXt.Core;
using SegNeXt.Data;
using Spectre.Console;

namespace SegNeXt.Cli;

/// <summary>A data set's report for people: what is there, the findings, the verdict.</summary>
internal sealed class DoctorText
{
    private const int FewFiles = 4;
    private const int ManyFiles = 100;
    private const int LineWidth = 110;
    private const int Indent = 4;

    /// <summary>Above this, the table leaves out classes that do not occur.</summary>
    private const int ManyClasses = 40;

    private readonly Terminal _terminal;
    private readonly DoctorReport _report;
    private readonly bool _nameAll;
    private readonly bool _onError;

    private DoctorText(Terminal terminal, DoctorReport report, bool nameAll, bool onError)
    {
        _terminal = terminal;
        _report = report;
        _nameAll = nameAll;
        _onError = onError;
    }

    private TextWriter Writer => _onError ? _terminal.Error : _terminal.Output;

    /// <summary>Shows a report.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="report">What was found.</param>
    /// <param name="nameAll">Whether every file is named, rather than a few of a finding.</param>
    /// <param name="onError">On standard error, because standard output belongs to something else.</param>
    public static void Show(Terminal terminal, DoctorReport report, bool nameAll, bool onError) =>
        new DoctorText(terminal, report, nameAll, onError).Show();

    private void Show()
    {
        Writer.WriteLine(string.Join("   ", _report.Splits.Select(Describe)));
        ClassSummary[] classes = [.. _report.Classes.Where(c => c.Images > 0 || (_report.Classes.Count <= ManyClasses && c.Name != $"class {c.Id}"))];
        if (classes.Length > 0)
        {
            ShowClasses(classes);
        }

        if (classes.Length > 0 && classes.Length < _report.Classes.Count)
        {
            Writer.WriteLine($"{Count(_report.Classes.Count - classes.Length, "class", "classes")} more without a pixel");
        }

        Writer.WriteLine();
        foreach (Finding finding in _report.Findings)
        {
            Show(finding);
        }

        ShowVerdict();
    }

    private static string Describe(SplitSummary split) => split.Pairs == split.Images && (split.Labels == 0 || split.Labels == split.Images)
        ? string.Create(CultureInfo.InvariantCulture, $"{split.Name}: {split.Images} pictures")
        : string.Create(CultureInfo.InvariantCulture, $"{split.Name}: {split.Images} pictures, {split.Labels} labels, {split.Pairs} pairs");

    private void ShowClasses(ClassSummary[] classes)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("id").RightAligned()).AddColumn("class");
        foreach (SplitSummary split in _report.Splits)
        {
            table.AddColumn(new TableColumn(Markup.Escape($"{split.Name} share")).RightAligned());
            table.AddColumn(new TableColumn("pictures").RightAligned());
        }

        foreach (ClassSummary c in classes)
        {
            List<Text> cells = [new Text(c.Id.ToString(CultureInfo.InvariantCulture)), new Text(c.Name)];
            foreach (ClassShare share in c.Splits)
            {
                cells.Add(new Text(share.Images == 0 ? "-" : (share.Share * 100).ToString("0.000", CultureInfo.InvariantCulture) + " %"));
                cells.Add(new Text(share.Images == 0 ? "-" : share.Images.ToString(CultureInfo.InvariantCulture)));
            }

            table.AddRow(cells);
        }

        _terminal.Show(table, _onError);
    }

    private void Show(Finding finding)
    {
        (string word, Color color) = finding.Severity switch
        {
            FindingSeverity.Error => ("ERROR", Color.Red),
            FindingSeverity.Warning => ("WARNING", Color.Yellow),
            _ => ("note", Color.Grey),
        };
        _terminal.Show(new Text(word, new Style(color, decoration: Decoration.Bold)), _onError);
        Writer.WriteLine(Wrap($"  {finding.Summary} [{finding.Code}]", word.Length));
        int most = _nameAll ? int.MaxValue : finding.NameAll ? ManyFiles : FewFiles;
        int shown = finding.Files.Count == most + 1L ? most + 1 : Math.Min(most, finding.Files.Count);
        foreach (FindingFile file in finding.Files.Take(shown))
        {
            string path = Path.GetRelativePath(_report.Root, file.Path);
            Writer.WriteLine(file.Detail is null ? $"      {path}" : $"      {path}: {file.Detail}");
        }

        if (finding.Files.Count > shown)
        {
            Writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"      and {finding.Files.Count - shown} more (--all names them)"));
        }

        Writer.WriteLine(Wrap($"  → {finding.Remedy}", 0));
        if (finding.Command is not null)
        {
            // One line, however long: it is to be copied.
            Writer.WriteLine($"      {finding.Command}");
        }

        Writer.WriteLine();
    }

    private void ShowVerdict()
    {
        int notes = _report.Findings.Count - _report.Errors - _report.Warnings;
        string read = string.Create(CultureInfo.InvariantCulture, $"{_report.Examined} samples examined");
        (string verdict, Color color) = _report switch
        {
            { Errors: > 0, Warnings: > 0 } => ($"do not train yet: {Count(_report.Errors, "error")} and {Count(_report.Warnings, "warning")} to put right first", Color.Red),
            { Errors: > 0 } => ($"do not train yet: {Count(_report.Errors, "error")} to put right first", Color.Red),
            { Warnings: > 0 } => ($"training would run, but look at the {(_report.Warnings == 1 ? "warning" : Count(_report.Warnings, "warning"))} first", Color.Yellow),
            _ => ($"ready to train{(notes > 0 ? $"; {Count(notes, "note")} above, nothing need be changed" : "; nothing to remark")}", Color.Green),
        };
        _terminal.Show(new Text($"Verdict: {verdict} ({read}).", new Style(color)), _onError);
        Writer.WriteLine();
    }

    /// <summary>Breaks a text into lines, the later ones indented as far as the text of the first; <paramref name="used"/> columns are taken.</summary>
    private static string Wrap(string text, int used) => string.Join(
        Environment.NewLine + new string(' ', Indent),
        LineBreaks.Break(text, (line, number) => (number == 0 ? used : Indent) + line.Length <= LineWidth));

    private static string Count(int count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
