using System.CommandLine;
using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>The options that name a variant of the paper's Tables 5 to 8: another decoder, another attention.</summary>
internal sealed class VariantArguments
{
    /// <summary>What <c>--decoder</c> says for MSCAN with its image classifier.</summary>
    public const string NoDecoder = "none";

    private readonly Option<string?> _decoder;
    private readonly Option<string?> _stages = Opt.Text("--decoder-stages", "S,S,…", "The stages that the decoder reads, 1 to 4, such as 1,2,3,4; those of the paper unless said otherwise");
    private readonly Option<string?> _attention = Opt.Choice("--attention", "The attention of the blocks: msca, or VAN's large kernel in its place; msca unless said otherwise", MscanConfig.Msca, MscanConfig.LargeKernel);
    private readonly Option<string?> _branches = Opt.Text("--branches", "K,K,…", "The strip branches of MSCA: some of 7,11,21; all unless said otherwise");
    private readonly Option<bool> _noMixing = Opt.Switch("--no-channel-mixing", "MSCA without its 1x1 convolution");
    private readonly Option<bool> _noGating = Opt.Switch("--no-gating", "MSCA without the product with its input");

    /// <summary>Creates the options.</summary>
    /// <param name="withoutDecoder">Whether a model without decoder can be asked for.</param>
    public VariantArguments(bool withoutDecoder = false)
    {
        string[] types = [.. DecoderTypes.All, .. withoutDecoder ? new[] { NoDecoder } : []];
        _decoder = Opt.Choice(
            "--decoder", $"The decoder; ham, the paper's, unless said otherwise{(withoutDecoder ? "; none for MSCAN with its image classifier" : "")}", types);
    }

    private IEnumerable<Option> All => [_decoder, _stages, _attention, _branches, _noMixing, _noGating];

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>The first of the options that is given, or null.</summary>
    /// <param name="parse">The parsed line.</param>
    public string? Given(ParseResult parse) => All.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>Whether the model is to have no decoder.</summary>
    /// <param name="parse">The parsed line.</param>
    public bool IsClassifier(ParseResult parse) => parse.GetValue(_decoder) == NoDecoder;

    /// <summary>The variant of a model that the line names.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="config">The paper's model.</param>
    /// <exception cref="InputException">A value is unusable, or two contradict each other.</exception>
    public ModelConfig Apply(ParseResult parse, ModelConfig config)
    {
        if (config.Decoder is not null && parse.GetValue(_decoder) is { } decoder)
        {
            config = config.WithDecoder(decoder);
        }

        if (parse.GetValue(_stages) is { } stages)
        {
            config = config with
            {
                Decoder = (config.Decoder ?? throw new InputException($"{_stages.Name} needs a decoder.")) with
                {
                    InputStages = [.. Numbers(_stages.Name, stages, "stages from 1 to 4, ascending, such as 2,3,4", [1, 2, 3, 4]).Select(stage => stage - 1)],
                },
            };
        }

        return IsPlainAttention(parse) ? config : config with
        {
            Encoder = Attention(parse, config.Mscan ?? throw new InputException($"{_attention.Name}, {_branches.Name}, {_noMixing.Name} and {_noGating.Name} belong to SegNeXt's encoder MSCAN.")),
        };
    }

    private bool IsPlainAttention(ParseResult parse) =>
        parse.GetValue(_attention) is null && parse.GetValue(_branches) is null && !parse.GetValue(_noMixing) && !parse.GetValue(_noGating);

    private MscanConfig Attention(ParseResult parse, MscanConfig encoder)
    {
        encoder = encoder with
        {
            Attention = parse.GetValue(_attention) ?? encoder.Attention,
            Branches = parse.GetValue(_branches) is { } branches
                ? Numbers(_branches.Name, branches, "some of 7,11,21, ascending", MscanConfig.AllBranches)
                : encoder.Branches,
            ChannelMixing = !parse.GetValue(_noMixing),
            Gating = !parse.GetValue(_noGating),
        };
        return encoder.Attention == MscanConfig.Msca || (parse.GetValue(_branches) is null && encoder.ChannelMixing && encoder.Gating)
            ? encoder
            : throw new InputException($"{_branches.Name}, {_noMixing.Name} and {_noGating.Name} belong to {_attention.Name} {MscanConfig.Msca}.");
    }

    private static int[] Numbers(string option, string text, string expected, IReadOnlyList<int> allowed)
    {
        List<int> numbers = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || !allowed.Contains(number) || (numbers.Count > 0 && numbers[^1] >= number))
            {
                throw new InputException($"{option} is '{text}'; expected {expected}.");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }
}
