using System.CommandLine;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>The options that say in which number format libtorch computes: <c>--precision</c>, <c>--tf32</c>.</summary>
internal sealed class PrecisionArguments
{
    private readonly Option<string?> _precision = Opt.Choice(
        "--precision", "Number format of convolutions and matrix products, with libtorch; fp32 unless said otherwise, fp16 on a GPU only", [.. Precisions.All.Select(entry => entry.Name)]);

    private readonly Option<string?> _tf32 = Opt.Choice(
        "--tf32", "On a GPU: whether products in fp32 may round their inputs to TensorFloat-32; convolutions alone unless said otherwise", "on", "off");

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_precision);
        command.Add(_tf32);
    }

    /// <summary>The number format.</summary>
    /// <param name="parse">The parsed line.</param>
    public Precision Read(ParseResult parse) => Precisions.Parse(parse.GetValue(_precision));

    /// <summary>Whether a format was named.</summary>
    /// <param name="parse">The parsed line.</param>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_precision) is not null;

    /// <summary>The choice of TensorFloat-32.</summary>
    /// <param name="parse">The parsed line.</param>
    public Tf32 ReadTf32(ParseResult parse) => parse.GetValue(_tf32) switch
    {
        "on" => Tf32.On,
        "off" => Tf32.Off,
        _ => Tf32.Default,
    };

    /// <summary>Both as keys of a configuration.</summary>
    /// <param name="parse">The parsed line.</param>
    public IEnumerable<string> Sets(ParseResult parse)
    {
        if (parse.GetValue(_precision) is { } precision)
        {
            yield return $"train.precision={precision}";
        }

        if (parse.GetValue(_tf32) is { } tf32)
        {
            yield return $"train.tf32={tf32}";
        }
    }
}
