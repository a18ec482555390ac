using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>
/// Numbers of one problem that PyTorch 1.13 gave in double precision for the published codes' formulas (mmsegmentation's
/// OHEM sampler, Dice and Lovász-softmax; Dice's denominator over the labelled pixels): the loss, Σ i·gᵢ and Σ |gᵢ| of
/// its gradient g by the logits.
/// </summary>
public sealed class LossPublishedTests : IDisposable
{
    private const int Images = 2, Classes = 4, Height = 6, Width = 8, SmallHeight = 3, SmallWidth = 4;

    private static readonly double[] s_weights = [0.5, 2, 1, 3];

    private readonly TensorScope _scope = new();

    public static TheoryData<string, double, double, double> Values => new()
    {
        { "cross_entropy all", 1.445602757267323, 1.7414979739848284, 0.6638686245357779 },
        { "cross_entropy all weighted", 1.9609234435643217, -5.728915617057028, 1.007842348883705 },
        { "cross_entropy valid", 1.5951478700880806, 1.9216529368108464, 0.7325446891429273 },
        { "ohem 0.3 5", 1.1552835485579187, 2.3157662758790107, 0.6642284046834773 },
        { "ohem 0.05 10", 0.5596581144456182, 1.4692040270076174, 0.34736070982037265 },
        { "ohem null 7", 0.4133877426962241, 0.4317638671912303, 0.2566076148924715 },
        { "focal 2 1", 0.9983988286984992, 2.469955995738691, 0.7764142300598043 },
        { "focal 0.5 0.25 weighted", 0.4339748574015723, -1.457676737175173, 0.26553296210137683 },
        { "dice 1 2", 0.5774282599637952, 0.1389527431955321, 0.19079609784549417 },
        { "dice 0.5 1 weighted", 1.160435523329585, -0.8074467367850651, 0.2369495675687263 },
        { "lovasz present", 0.7353977370931383, -0.017264896227195486, 0.13678893786427532 },
        { "lovasz present per image weighted", 1.156872856756613, -1.4634570199194796, 0.27424813921325364 },
        { "lovasz all, class 2 absent", 0.731014060817146, 1.134841700499596, 0.22279038030756848 },
        { "lovasz present per image, class 2 absent", 0.7435605108166832, 0.4326666069426003, 0.1578226993045781 },
    };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Values))]
    public void Loss_FixedProblem_IsWhatThePublishedCodeGives(string name, double value, double weightedSum, double absoluteSum)
    {
        Tensor logits = Tensor.FromArray<double>(
            [.. Enumerable.Range(0, Images * Classes * SmallHeight * SmallWidth).Select(i => 2 * Math.Sin((0.7 * i * i) + (0.3 * i)))],
            [Images, Classes, SmallHeight, SmallWidth]).RequiresGrad_();
        bool twoAbsent = name.Contains("absent", StringComparison.Ordinal);
        Tensor labels = Tensor.FromArray<long>([.. Enumerable.Range(0, Images * Height * Width).Select(i => Label(i, twoAbsent))], [Images, Height, Width]);

        Tensor loss = Loss(name).Forward(logits, labels);
        loss.Backward();

        double[] gradient = logits.Grad!.ToArray<double>();
        Assert.Equal(value, loss.Item(), 1e-12);
        Assert.Equal(weightedSum, gradient.Select((g, i) => i * g).Sum(), 1e-10);
        Assert.Equal(absoluteSum, gradient.Sum(Math.Abs), 1e-12);
    }

    private static long Label(int i, bool twoAbsent)
    {
        long label = i % 11 == 0 ? 255 : ((i * i) + (3 * i)) / 7 % Classes;
        return twoAbsent && label == 2 ? 1 : label;
    }

    private static ISegmentationLoss Loss(string name) => name switch
    {
        "cross_entropy all" => new CrossEntropyLoss(),
        "cross_entropy all weighted" => new CrossEntropyLoss(LossAverage.All, s_weights),
        "cross_entropy valid" => new CrossEntropyLoss(LossAverage.Valid),
        "ohem 0.3 5" => new OhemLoss(0.3, 5),
        "ohem 0.05 10" => new OhemLoss(0.05, 10),
        "ohem null 7" => new OhemLoss(null, 7),
        "focal 2 1" => new FocalLoss(),
        "focal 0.5 0.25 weighted" => new FocalLoss(0.5, 0.25, LossAverage.All, s_weights),
        "dice 1 2" => new DiceLoss(),
        "dice 0.5 1 weighted" => new DiceLoss(0.5, 1, s_weights),
        "lovasz present" => new LovaszLoss(),
        "lovasz present per image weighted" => new LovaszLoss(perImage: true, classWeights: s_weights),
        "lovasz all, class 2 absent" => new LovaszLoss(LovaszClasses.All),
        "lovasz present per image, class 2 absent" => new LovaszLoss(perImage: true),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
