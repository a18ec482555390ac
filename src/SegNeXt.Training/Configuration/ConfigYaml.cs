using System.Globalization;
using System.Text;
using SegNeXt.Core;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SegNeXt.Training;

/// <summary>
/// The YAML side of the configuration: from a file's text to dotted keys, and back. It walks the parser's events, which
/// carry a line for every key and value and let each fault be named where it stands.
/// </summary>
internal static class ConfigYaml
{
    /// <summary>Reads one file's keys.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">Its name in messages.</param>
    /// <returns>The files that it builds on, and its own keys.</returns>
    /// <exception cref="InputException">The text is no YAML mapping, or has an unknown or repeated key.</exception>
    public static (List<(string Path, string Origin)> Bases, ConfigLayer Layer) ReadFile(string text, string path)
    {
        List<(string Path, string Origin)> bases = [];
        ConfigLayer layer = new();
        try
        {
            Parser parser = new(new Scanner(new StringReader(text), skipComments: true));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _) || IsNull(parser))
            {
                throw new InputException($"{path}: the file is empty.");
            }

            if (!parser.Accept<MappingStart>(out _))
            {
                throw new InputException($"{path}:{Line(parser)}: expected keys with values, such as 'train:'.");
            }

            ReadMapping(parser, path, string.Empty, bases, layer);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out _))
            {
                throw new InputException($"{path}:{Line(parser)}: a second document starts here; a configuration is one.");
            }
        }
        catch (YamlException exception)
        {
            throw Malformed(text, path, exception);
        }

        return (bases, layer);
    }

    /// <summary>Reads the value of an override: a list in brackets, a quoted text, or plain text as it is.</summary>
    public static ConfigValue ReadValue(string text, string origin)
    {
        if (text.Length == 0 || text is "null" or "~")
        {
            return ConfigValue.Scalar(null);
        }

        // Only what needs YAML's rules goes through them: a path may hold ': ' or ' #'.
        if (text[0] is not ('[' or '"' or '\''))
        {
            return ConfigValue.Scalar(text);
        }

        try
        {
            Parser parser = new(new Scanner(new StringReader(text), skipComments: true));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            ConfigValue value = ReadValue(parser, origin);
            parser.Consume<DocumentEnd>();
            parser.Consume<StreamEnd>();
            return value;
        }
        catch (YamlException exception)
        {
            throw new InputException($"{origin}: the value is not closed or has something after its end.", exception);
        }
    }

    /// <summary>Writes every key.</summary>
    public static string Write(RunConfig config)
    {
        StringBuilder yaml = new();
        yaml.Append("# The complete configuration of a run: every key, defaults too.\n");
        string section = string.Empty;
        foreach (ConfigKey key in ConfigKeys.All.Where(key => key.Section != ConfigKeys.PretrainSection || config.Pretrain is not null))
        {
            if (key.Section != section)
            {
                section = key.Section;
                yaml.Append(CultureInfo.InvariantCulture, $"\n{section}:\n");
            }

            string name = section.Length == 0 ? key.Name : "  " + key.Name[(section.Length + 1)..];
            yaml.Append(CultureInfo.InvariantCulture, $"{name}: {key.Format(config)}\n");
        }

        return yaml.ToString();
    }

    /// <summary>A text as a YAML scalar that reads back to the same text.</summary>
    public static string Quote(string text)
    {
        bool plain = text.Length > 0
            && text is not ("null" or "Null" or "NULL")
            && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '/')
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/');
        if (plain)
        {
            return text;
        }

        StringBuilder quoted = new("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' => null,
                _ => c.ToString(),
            } ?? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
        }

        return quoted.Append('"').ToString();
    }

    private static void ReadMapping(Parser parser, string path, string section, List<(string Path, string Origin)> bases, ConfigLayer layer)
    {
        parser.Consume<MappingStart>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            string origin = $"{path}:{Line(parser)}";
            if (!parser.TryConsume<Scalar>(out Scalar? scalar))
            {
                throw new InputException($"{origin}: a key must be a word.");
            }

            string name = section.Length == 0 ? scalar.Value : $"{section}.{scalar.Value}";
            if (name == ConfigFiles.BaseKey)
            {
                ReadBases(parser, origin, bases);
            }
            else if (ConfigKeys.ByName.ContainsKey(name))
            {
                layer.Add(new ConfigEntry(name, ReadValue(parser, origin), origin));
            }
            else if (!ConfigKeys.Sections.Contains(name))
            {
                throw ConfigKeys.Unknown(origin, name);
            }
            else if (parser.Accept<MappingStart>(out _))
            {
                ReadMapping(parser, path, name, bases, layer);
            }
            else if (IsNull(parser))
            {
                // A section with all its keys commented out.
                parser.MoveNext();
            }
            else
            {
                throw new InputException($"{origin}: '{name}' is a section of keys, not a value.");
            }
        }
    }

    private static void ReadBases(Parser parser, string origin, List<(string Path, string Origin)> bases)
    {
        if (bases.Count > 0)
        {
            throw new InputException($"{origin}: '{ConfigFiles.BaseKey}' is given twice, first at {bases[0].Origin}.");
        }

        ConfigValue value = ReadValue(parser, origin);
        foreach (string? name in value.Items ?? [value.Text])
        {
            if (string.IsNullOrWhiteSpace(name))
            {
                throw new InputException($"{origin}: '{ConfigFiles.BaseKey}' must be a path or a list of paths, not '{value}'.");
            }

            bases.Add((name, origin));
        }
    }

    private static ConfigValue ReadValue(Parser parser, string origin)
    {
        if (parser.TryConsume<Scalar>(out Scalar? scalar))
        {
            return ConfigValue.Scalar(TextOf(scalar));
        }

        if (!parser.TryConsume<SequenceStart>(out _))
        {
            throw new InputException(parser.Accept<AnchorAlias>(out _)
                ? $"{origin}: aliases are not understood; share parts through '{ConfigFiles.BaseKey}'."
                : $"{origin}: expected a value, not a group of keys.");
        }

        List<string?> items = [];
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(parser.TryConsume<Scalar>(out Scalar? item)
                ? TextOf(item)
                : throw new InputException($"{origin}: a list here holds plain values only."));
        }

        return new ConfigValue(null, items);
    }

    private static bool IsNull(Parser parser) => parser.Accept<Scalar>(out Scalar? scalar) && TextOf(scalar) is null;

    private static string? TextOf(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL" ? null : scalar.Value;

    private static long Line(Parser parser) => parser.Accept<ParsingEvent>(out ParsingEvent? next) ? next.Start.Line : 0;

    private static InputException Malformed(string text, string path, YamlException exception)
    {
        long line = Math.Max(1, exception.Start.Line);
        string[] lines = text.Split('\n');

        // A tab in the indentation is the commonest of all mistakes, and the scanner's words for it are of no help.
        for (long i = Math.Max(1, line - 1); i <= Math.Min(line + 1, lines.Length); i++)
        {
            string shown = lines[i - 1];
            if (shown[..^shown.TrimStart().Length].Contains('\t', StringComparison.Ordinal))
            {
                return new InputException($"{path}:{i}: YAML takes no tabs at the start of a line; use spaces.", exception);
            }
        }

        return new InputException($"{path}:{line}: is not YAML: {exception.Message.Trim().TrimEnd('.')}.", exception);
    }
}
