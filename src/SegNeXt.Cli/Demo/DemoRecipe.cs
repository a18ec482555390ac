using System.Globalization;

namespace SegNeXt.Cli;

/// <summary>The demonstration's numbers, chosen so that two cores train for about five minutes, or one.</summary>
/// <param name="TrainPictures">Pictures to train on.</param>
/// <param name="ValPictures">Pictures to check with.</param>
/// <param name="Iterations">Training steps.</param>
internal sealed record DemoRecipe(int TrainPictures, int ValPictures, int Iterations)
{
    public const int Width = 320;
    public const int Height = 240;
    public const int Seed = 1;
    public const int Overlays = 12;

    public static DemoRecipe Full { get; } = new(240, 40, 520);

    public static DemoRecipe Quick { get; } = new(120, 16, 100);

    /// <summary>The training's settings: small crops from random weights at one high rate.</summary>
    public string[] Settings(int? threads) =>
    [
        Invariant($"train.iterations={Iterations}"), "train.batch=8", "train.crop=160x224", Invariant($"train.resize={Width}x{Height}"),
        "train.ratio_range=[0.7,1.6]", "train.cat_max_ratio=0.9", "train.lr=1.5e-3", Invariant($"train.warmup_iterations={Iterations / 12}"),
        Invariant($"eval.interval={Iterations / 2}"), Invariant($"checkpoint.interval={Iterations / 2}"), "log.interval=10",
        Invariant($"threads={threads ?? 0}"),
    ];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
