using System.CommandLine;
using SegNeXt.Models;

namespace SegNeXt.Cli;

/// <summary><c>--kernels libtorch|fused</c>: whose kernels compute the network in training.</summary>
internal sealed class KernelArgument
{
    private const string Libtorch = "libtorch";
    private const string Fused = "fused";

    /// <summary>The option.</summary>
    public Option<string?> Option { get; } = Opt.Choice("--kernels", "Whose kernels compute the network in training: libtorch's, or on the CPU this project's", Libtorch, Fused);

    /// <summary>What was asked for, or null.</summary>
    /// <param name="parse">The parsed line.</param>
    public KernelChoice? Read(ParseResult parse) => parse.GetValue(Option) switch
    {
        null => null,
        Fused => KernelChoice.Fused,
        _ => KernelChoice.Libtorch,
    };
}
