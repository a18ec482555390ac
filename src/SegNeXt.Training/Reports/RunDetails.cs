using System.Globalization;

namespace SegNeXt.Training;

/// <summary>What one needs to repeat the run: command, machine, software, configuration.</summary>
internal static class RunDetails
{
    /// <summary>The section; empty where none of it is known.</summary>
    public static Html Write(ReportData data)
    {
        Html html = new();
        if (data.Info?.Command is { Length: > 0 } command)
        {
            html.Add($"<h3>Command</h3><pre class=\"command\"><code>{command}</code></pre>");
        }

        List<(string Name, string Value)> facts = [];
        if (data.Info is { } info)
        {
            if (info.Started is { } started)
            {
                facts.Add(("Started", started.ToUniversalTime().ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture)));
            }

            if (info.Device is not null)
            {
                facts.Add(("Device", info.Device));
            }

            if (info.Ended is not null)
            {
                facts.Add(("Ended", info.Ended));
            }

            facts.AddRange(info.Versions.Select(version => (version.Name, version.Version)));
        }

        if (facts.Count > 0)
        {
            html.Raw("<h3>Environment</h3><dl class=\"facts\">");
            foreach ((string name, string value) in facts)
            {
                html.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>");
            }

            html.Raw("</dl>");
        }

        if (data.ConfigText is not null)
        {
            html.Add($"<details><summary>Configuration</summary><pre><code>{data.ConfigText.TrimEnd()}</code></pre></details>");
        }

        Html section = new();
        return html.IsEmpty ? section : section.Raw("<section id=\"run\"><h2>The run</h2>").Add(html).Raw("</section>");
    }
}
