using System.CommandLine;
using SegNeXt.Core;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>The options that say how a picture goes through the network: whole or in windows, scales, flip.</summary>
internal sealed class TestArguments
{
    private readonly Option<string?> _mode = Opt.Choice("--mode", "The whole picture at once, or overlapping windows; whole unless said otherwise", "whole", "slide");
    private readonly Option<ImageSize?> _crop = Opt.Size("--crop", "Size of a window; 1024x1024 unless said otherwise");
    private readonly Option<ImageSize?> _stride = Opt.Size("--stride", "From one window to the next; three quarters of the window unless said otherwise");
    private readonly Option<double[]?> _scales = Opt.Factors("--scales", "Scales whose probabilities are averaged, such as the paper's 0.5,0.75,1.0,1.25,1.5,1.75; 1.0 unless said otherwise");
    private readonly Option<bool> _flip = Opt.Switch("--flip", "Average with the mirrored picture too");
    private readonly Option<ImageSize?> _resize = Opt.Box("--resize", "Fit the picture into this box first, its proportions kept, such as ADE20K's 2048x512; its own size unless said otherwise");
    private readonly Option<int?> _multiple = Opt.Whole("--multiple", "Then stretch both sides up to a multiple of this; ADE20K's is 32", 1, 1024);

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_mode);
        command.Add(_crop);
        command.Add(_stride);
        command.Add(_scales);
        command.Add(_flip);
        command.Add(_resize);
        command.Add(_multiple);
    }

    /// <summary>Whether the mirrored picture counts too.</summary>
    /// <param name="parse">The parsed line.</param>
    public bool Flips(ParseResult parse) => parse.GetValue(_flip);

    /// <summary>The strategy that was asked for.</summary>
    /// <param name="parse">The parsed line.</param>
    /// <param name="threads">Most threads for resizing and averaging, or null for one per core.</param>
    /// <param name="defaults">What holds for what was not asked for.</param>
    /// <param name="windows">Whether something else on the line asks for windows.</param>
    /// <exception cref="InputException">The options contradict each other.</exception>
    public TestOptions Read(ParseResult parse, int? threads, TestOptions? defaults = null, bool windows = false)
    {
        defaults ??= new TestOptions();
        TestMode mode = parse.GetValue(_mode) switch
        {
            "slide" => TestMode.Slide,
            "whole" when windows => throw new InputException("--tile works in windows; leave --mode whole out."),
            "whole" => TestMode.Whole,
            _ when windows => TestMode.Slide,
            _ => defaults.Mode,
        };
        foreach (Option<ImageSize?> option in new[] { _crop, _stride })
        {
            if (parse.GetValue(option) is not null && mode != TestMode.Slide)
            {
                throw new InputException($"{option.Name} belongs to --mode slide.");
            }
        }

        TestOptions options = defaults with
        {
            Mode = mode,
            // An array that was not given is empty for the parser, not null.
            Scales = parse.GetValue(_scales) is { Length: > 0 } scales ? scales : defaults.Scales,
            Flip = parse.GetValue(_flip) || defaults.Flip,
            SizeDivisor = parse.GetValue(_multiple) ?? defaults.SizeDivisor,
            Threads = threads ?? defaults.Threads,
        };
        if (parse.GetValue(_resize) is { } box)
        {
            options = options with { BoxWidth = box.Width, BoxHeight = box.Height };
        }

        if (parse.GetValue(_crop) is { } crop)
        {
            options = options with { CropHeight = crop.Height, CropWidth = crop.Width, StrideHeight = ThreeQuarters(crop.Height), StrideWidth = ThreeQuarters(crop.Width) };
        }

        if (parse.GetValue(_stride) is { } stride)
        {
            options = options with { StrideHeight = stride.Height, StrideWidth = stride.Width };
        }

        options.Validate();
        return options;
    }

    private static int ThreeQuarters(int side) => Math.Max(1, side * 3 / 4);
}
