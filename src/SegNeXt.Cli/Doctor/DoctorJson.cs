using System.Text.Json;
using SegNeXt.Data;

namespace SegNeXt.Cli;

/// <summary>A data set's report as JSON.</summary>
internal static class DoctorJson
{
    /// <summary>Writes the one object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="report">What was found.</param>
    public static void Write(Utf8JsonWriter json, DoctorReport report)
    {
        json.WriteStartObject();
        json.WriteString("root", report.Root);
        json.WriteNumber("images", report.Images);
        json.WriteNumber("labels", report.Labels);
        json.WriteNumber("examined", report.Examined);
        json.WriteNumber("errors", report.Errors);
        json.WriteNumber("warnings", report.Warnings);
        json.WriteStartArray("splits");
        foreach (SplitSummary split in report.Splits)
        {
            json.WriteStartObject();
            json.WriteString("name", split.Name);
            json.WriteNumber("images", split.Images);
            json.WriteNumber("labels", split.Labels);
            json.WriteNumber("pairs", split.Pairs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("classes");
        foreach (ClassSummary c in report.Classes)
        {
            WriteClass(json, report, c);
        }

        json.WriteEndArray();
        json.WriteStartArray("findings");
        foreach (Finding finding in report.Findings)
        {
            WriteFinding(json, finding);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteClass(Utf8JsonWriter json, DoctorReport report, ClassSummary c)
    {
        json.WriteStartObject();
        json.WriteString("name", c.Name);
        json.WriteNumber("id", c.Id);
        json.WriteNumber("share", c.Share);
        json.WriteNumber("images", c.Images);
        json.WriteStartObject("splits");
        for (int i = 0; i < c.Splits.Count; i++)
        {
            json.WriteStartObject(report.Splits[i].Name);
            json.WriteNumber("share", c.Splits[i].Share);
            json.WriteNumber("images", c.Splits[i].Images);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteFinding(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("severity", finding.Severity switch
        {
            FindingSeverity.Error => "error",
            FindingSeverity.Warning => "warning",
            _ => "note",
        });
        json.WriteString("code", finding.Code);
        json.WriteString("message", finding.Summary);
        json.WriteString("remedy", finding.Remedy);
        if (finding.Command is not null)
        {
            json.WriteString("command", finding.Command);
        }

        json.WriteStartArray("files");
        foreach (FindingFile file in finding.Files)
        {
            json.WriteStringValue(file.Path);
        }

        json.WriteEndArray();
        json.WriteNumber("count", finding.Files.Count);
        if (finding.Files.Any(file => file.Detail is not null))
        {
            // In the order of the files.
            json.WriteStartArray("details");
            foreach (FindingFile file in finding.Files)
            {
                json.WriteStringValue(file.Detail);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
