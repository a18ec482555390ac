using System.Text;

namespace SegNeXt.Server;

/// <summary>Writes Prometheus' text format, version 0.0.4.</summary>
internal sealed class PrometheusText
{
    /// <summary>The content's type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>Begins a metric.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    /// <param name="help">What it counts.</param>
    public void Metric(string name, string type, string help) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    /// <summary>Writes a metric of one value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type"><c>counter</c> or <c>gauge</c>.</param>
    /// <param name="help">What it counts.</param>
    /// <param name="value">The value.</param>
    public void Metric(string name, string type, string help, double value)
    {
        Metric(name, type, help);
        Value(name, "", value);
    }

    /// <summary>Writes a value.</summary>
    /// <param name="name">The metric's name.</param>
    /// <param name="labels">Its labels, or nothing.</param>
    /// <param name="value">The value.</param>
    public void Value(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(value).Append('\n');
    }

    /// <summary>A label's value, escaped.</summary>
    /// <param name="value">Any text.</param>
    public static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>All that was written.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
