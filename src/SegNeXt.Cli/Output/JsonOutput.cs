using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>
/// The <c>--json [FILE]</c> option: results as one JSON object on standard output, which <c>-</c> is too, or in a file. Standard output
/// then holds nothing else.
/// </summary>
internal sealed class JsonOutput
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The option, to be added to a command.</summary>
    public Option<string?> Option { get; } = new("--json")
    {
        Description = "Results as JSON: on standard output, or in FILE where one other than - is given",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Whether JSON was asked for.</summary>
    /// <param name="parse">The parsed line.</param>
    public bool IsWanted(ParseResult parse) => parse.GetResult(Option) is not null;

    /// <summary>Refuses a FILE that cannot be one; for before the work begins.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <exception cref="InputException">It is a folder.</exception>
    public void Check(ParseResult parse)
    {
        if (FileOf(parse) is { } path && Directory.Exists(path))
        {
            throw new InputException($"{path}: this is a folder, not a file to write.");
        }
    }

    /// <summary>
    /// Shows results: the readable form on standard output, or, with <c>--json</c>, JSON there; with
    /// <c>--json FILE</c>, JSON in the file and the readable form on standard error.
    /// </summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="terminal">Where to.</param>
    /// <param name="write">Writes the one object.</param>
    /// <param name="show">Shows the readable form; the argument says whether on standard error.</param>
    public void Present(ParseResult parse, Terminal terminal, Action<Utf8JsonWriter> write, Action<bool> show)
    {
        if (!IsWanted(parse))
        {
            show(false);
            return;
        }

        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, s_options))
        {
            write(json);
        }

        bytes.WriteByte((byte)'\n');
        if (FileOf(parse) is { } path)
        {
            Check(parse);
            try
            {
                OutputFolder.Create(Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".");
                AtomicFile.Write(path, bytes.WriteTo);
            }
            catch (InputException)
            {
                // What took long to find out is not lost with the disk that is full.
                show(true);
                throw;
            }

            if (!terminal.Quiet)
            {
                show(true);
            }
        }
        else
        {
            terminal.Output.Write(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
        }
    }

    private string? FileOf(ParseResult parse) => parse.GetValue(Option) is { } path && path != "-" ? path : null;

    /// <summary>Writes a number, null where it is not finite: JSON knows no NaN.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="value">The number.</param>
    public static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
