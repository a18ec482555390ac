using SegNeXt.Core;
using SegNeXt.Torch;
using static SegNeXt.Models.Tests.PlainLayers;

namespace SegNeXt.Models.Tests;

/// <summary>Table 7's decoders (a) and (b).</summary>
public sealed class HeadTests : VariantTest
{
    private static readonly int[] s_dims = [6, 8, 10, 12];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Aspp_AnySize_IsFiveBranchesAndABottleneck(int height, int width)
    {
        using TensorScope scope = new();
        using AsppHead head = new(Config("aspp"), Generator);
        Randomise(head);
        Tensor x = Random(2, s_dims[3], height, width);
        AssertEqual(
            map => Classify(head, ConvNormRelu(
                Join(
                    Resize(ConvNormRelu(Pool(map, 1), head, "image_pool.1"), height, width),
                    ConvNormRelu(map, head, "aspp_modules.0"),
                    ConvNormRelu(map, head, "aspp_modules.1", 3, 3),
                    ConvNormRelu(map, head, "aspp_modules.2", 3, 6),
                    ConvNormRelu(map, head, "aspp_modules.3", 3, 9)),
                head,
                "bottleneck",
                3)),
            x,
            head.Forward([null!, null!, null!, x]),
            "ASPP");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Psp_AnySize_IsTheMapAndFourPooledOnes(int height, int width)
    {
        using TensorScope scope = new();
        using PspHead head = new(Config("psp"), Generator);
        Randomise(head);
        Tensor x = Random(2, s_dims[3], height, width);
        int[] bins = [1, 2, 3, 6];
        AssertEqual(
            map => Classify(head, ConvNormRelu(
                Join([map, .. bins.Select((side, i) => Resize(ConvNormRelu(Pool(map, side), head, $"psp_modules.{i}.1"), height, width))]), head, "bottleneck", 3)),
            x,
            head.Forward([null!, null!, null!, x]),
            "PSP");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void DualAttention_AnySize_IsTheSumOfItsBranches(int height, int width)
    {
        using TensorScope scope = new();
        using DualAttentionHead head = new(Config("da"), Generator);
        Randomise(head);
        Tensor x = Random(2, s_dims[3], height, width);
        AssertEqual(
            map =>
            {
                Plain position = ConvNormRelu(Position(ConvNormRelu(map, head, "pam_in_conv", 3)), head, "pam_out_conv", 3);
                Plain channel = ConvNormRelu(Channel(ConvNormRelu(map, head, "cam_in_conv", 3)), head, "cam_out_conv", 3);
                return Classify(head, Zip(position, channel, (a, b) => a + b));
            },
            x,
            head.Forward([null!, null!, null!, x]),
            "DA");

        Plain Position(Plain map)
        {
            Plain query = Convolve(map, head, "pam.query_project"), key = Convolve(map, head, "pam.key_project"), value = Convolve(map, head, "pam.value_project");
            Plain context = Attend(value, p => Softmax([.. Enumerable.Range(0, map.Positions).Select(q => Dot(query, p, key, q))]));
            return Zip(map, context, (a, b) => a + (State(head, "pam.gamma.scale")[0] * b));
        }

        Plain Channel(Plain map)
        {
            Plain y = new(map.Channels, map.Height, map.Width);
            for (int c = 0; c < map.Channels; c++)
            {
                // The larger the likeness, the smaller the weight.
                double[] weights = Softmax([.. Enumerable.Range(0, map.Channels).Select(d => -Enumerable.Range(0, map.Positions).Sum(p => map[c, p] * map[d, p]))]);
                for (int p = 0; p < map.Positions; p++)
                {
                    y[c, p] = map[c, p] + (State(head, "cam.gamma.scale")[0] * Enumerable.Range(0, map.Channels).Sum(d => weights[d] * map[d, p]));
                }
            }

            return y;
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(7, 13)]
    public void Mlp_AnySize_FusesAllStagesAtTheFirstOnesSize(int height, int width)
    {
        using TensorScope scope = new();
        using MlpHead head = new(Config("mlp"), Generator);
        Randomise(head);
        Tensor[] stages = [.. Enumerable.Range(0, 4).Select(i => Random(2, s_dims[i], Halved(height, i), Halved(width, i)))];
        Plain[][] maps = [.. stages.Select(Read)];
        Plain[] expected = [.. Enumerable.Range(0, 2).Select(n =>
        {
            // From the last stage to the first, as the released code joins them.
            Plain[] embedded = [.. Enumerable.Range(0, 4).Reverse().Select(i => Resize(Convolve(maps[i][n], head, $"linear_c{i + 1}.proj"), height, width))];
            return Convolve(ConvNormRelu(Join(embedded), head, "linear_fuse"), head, "linear_pred");
        })];
        Close.Relative(Write(expected), head.Forward(stages), Limit, "all-MLP");

        static int Halved(int side, int times) => times == 0 ? side : Halved((side + 1) / 2, times - 1);
    }

    // A pooled map has one value for a channel and image; with one image the batch's variance is 0 and its unbiased estimate no number.
    [Theory]
    [InlineData("psp")]
    [InlineData("aspp")]
    public void Forward_PooledMapOfOneImage_IsRefusedInTrainingAlone(string decoder)
    {
        using TensorScope scope = new();
        using DecodeHead head = DecodeHead.Create(Config(decoder), Generator);
        Tensor one = Tensor.Normal([1, s_dims[3], 4, 4], 0, 1, Generator), two = Tensor.Normal([2, s_dims[3], 4, 4], 0, 1, Generator);
        InputException error = Assert.Throws<InputException>(() => head.Forward([null!, null!, null!, one]));
        Assert.Contains("batches of 2 images", error.Message, StringComparison.Ordinal);
        head.Forward([null!, null!, null!, two]);
        Assert.All(head.NamedBuffers(), entry => Assert.True(entry.Value.Type == ScalarType.Int64 || double.IsFinite(entry.Value.Sum().Item()), entry.Key));
        head.Eval();
        head.Forward([null!, null!, null!, one]);
    }

    [Theory]
    [InlineData(3, new[] { 1, 3, 6, 9 })]
    [InlineData(2, new[] { 1, 6, 12, 18 })]
    [InlineData(1, new[] { 1, 12, 24, 36 })]
    public void AtrousRates_Stage_AreTheSameDistanceInThePicture(int stage, int[] rates) => Assert.Equal(rates, DecoderTypes.AtrousRates(stage));

    private static Plain Classify(Module head, Plain map) => Convolve(map, head, "conv_seg");

    private static ModelConfig Config(string decoder) => new()
    {
        Encoder = new MscanConfig { EmbedDims = s_dims, Depths = [1, 1, 1, 1] },
        Decoder = new DecoderConfig { Type = decoder, Channels = 7, InputStages = DecoderTypes.DefaultStages(decoder) },
        NumClasses = 3,
    };
}
