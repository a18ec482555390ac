namespace SegNeXt.Kernels.Tests;

/// <summary>
/// The passes of a training step at every instruction level and with different numbers of threads: all agree. Against
/// libtorch they are tested where libtorch is, in the tests of the models.
/// </summary>
public sealed unsafe class TrainingPassTests : KernelTest
{
    private static readonly TrainingShape s_shape = new(3, 13, 11, 32);

    [Fact]
    public void Passes_EveryLevel_AgreeWithThePortableOne()
    {
        float[][] expected = Run(InstructionLevel.Portable, 1);
        foreach (InstructionLevel level in InstructionLevels.Available)
        {
            float[][] found = Run(level, 2);
            for (int i = 0; i < expected.Length; i++)
            {
                double scale = expected[i].Max(MathF.Abs);
                Assert.True(scale > 0, $"result {i} is zero");
                Assert.All(expected[i].Zip(found[i]), pair => Close(pair.First, pair.Second, 1e-4 * scale, $"{level}, result {i}"));
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Passes_UpToFourThreads_GiveTheSameBits(int threads) =>
        Assert.Equal(Run(InstructionLevels.Best, 1), Run(InstructionLevels.Best, threads));

    private float[][] Run(InstructionLevel level, int threads)
    {
        using TrainingTeam team = new(threads, level);
        return [.. FeedForward(team), .. Attention(team), .. Factorise(team), .. Loss(team)];
    }

    private float[][] FeedForward(TrainingTeam team)
    {
        const int Hidden = 80;
        Random random = new(1);
        int c = s_shape.Channels;
        float* x = Random(random, s_shape.Count), dy = Random(random, s_shape.Count), norm = Norm(team, x, random);
        FeedForwardWeights Weights(Func<long, nint> make) => new()
        {
            Expand = (float*)make(Hidden * c),
            ExpandBias = (float*)make(Hidden),
            DepthWise = (float*)make(9 * Hidden),
            DepthWiseBias = (float*)make(Hidden),
            Reduce = (float*)make(Hidden * c),
            ReduceBias = (float*)make(c),
            LayerScale = (float*)make(c),
        };
        FeedForwardWeights weights = Weights(count => (nint)Random(random, count)), gradients = Weights(count => (nint)Zeros(count));
        FeedForwardHalf half = new(team, s_shape, Hidden, weights, norm, new DropPathDraw([true, false, true], 2));
        float* y = Zeros(s_shape.Count), hidden = Zeros(FeedForwardHalf.HiddenCount(s_shape, Hidden, true)), dx = Zeros(s_shape.Count);
        half.Forward(x, y, hidden, kept: true);
        half.Backward(x, hidden, dy, dx, gradients);
        return
        [
            Values(y, s_shape.Count), Values(dx, s_shape.Count), Values(gradients.Expand, Hidden * c), Values(gradients.DepthWise, 9 * Hidden),
            Values(gradients.Reduce, Hidden * c), Values(gradients.LayerScale, c),
        ];
    }

    private float[][] Attention(TrainingTeam team)
    {
        Random random = new(2);
        int c = s_shape.Channels;
        float* x = Random(random, s_shape.Count), dy = Random(random, s_shape.Count), norm = Norm(team, x, random);
        int[] taps = [25, 7, 7, 11, 11, 21, 21];
        AttentionWeights Weights(Func<long, nint> make)
        {
            var kernels = new float*[taps.Length];
            var biases = new float*[taps.Length];
            for (int k = 0; k < taps.Length; k++)
            {
                kernels[k] = (float*)make(taps[k] * c);
                biases[k] = (float*)make(c);
            }

            return new AttentionWeights(kernels, biases)
            {
                ProjectIn = (float*)make(c * c),
                ProjectInBias = (float*)make(c),
                Mix = (float*)make(c * c),
                MixBias = (float*)make(c),
                ProjectOut = (float*)make(c * c),
                ProjectOutBias = (float*)make(c),
                LayerScale = (float*)make(c),
            };
        }

        AttentionWeights weights = Weights(count => (nint)Random(random, count)), gradients = Weights(count => (nint)Zeros(count));
        AttentionHalf half = new(team, s_shape, weights, norm, new DropPathDraw([false, true, true], 1.5f));
        float* y = Zeros(s_shape.Count), projected = Zeros(s_shape.Count), sum = Zeros(s_shape.Count), dx = Zeros(s_shape.Count);
        float* local = Zeros(AttentionHalf.PlanesCount(s_shape));
        half.Forward(x, y, projected, local, sum, Zeros(AttentionHalf.PlanesCount(s_shape)));
        half.Backward(x, projected, local, sum, dy, dx, gradients, Zeros(AttentionHalf.BackwardWork(s_shape)));
        return
        [
            Values(y, s_shape.Count), Values(dx, s_shape.Count), Values(gradients.ProjectIn, c * c), Values(gradients.Mix, c * c),
            Values(gradients.ProjectOut, c * c), Values(gradients.LayerScale, c), .. taps.Select((count, k) => Values(gradients.Kernels[k], count * c)),
        ];
    }

    private float[][] Factorise(TrainingTeam team)
    {
        Random random = new(3);
        const int Rank = 16;
        int pixels = 517, c = s_shape.Channels;
        float* x = Positive(random, pixels * c), bases = Positive(random, c * Rank), dy = Random(random, pixels * c);
        Factorisation image = new(team, pixels, c, Rank, 3, 1e-6);
        float* y = Zeros(pixels * c), kept = Zeros(image.KeptCount), dx = Zeros(pixels * c);
        image.Forward(x, bases, y, kept);
        image.Backward(x, kept, dy, dx, Zeros(image.BackwardWork));
        return [Values(y, pixels * c), Values(dx, pixels * c)];
    }

    private float[][] Loss(TrainingTeam team)
    {
        Random random = new(4);
        ResizedCrossEntropy loss = new(2, 5, 4, 11, 37, 30);
        float* logits = Random(random, 2 * 5 * 4 * 11), gradient = Zeros(2 * 5 * 4 * 11);
        var labels = new long[2 * 37 * 30];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = random.Next(12) is int id and < 11 ? id : 255;
        }

        fixed (long* ids = labels)
        {
            double sum = loss.Run(team, logits, ids, 255, null, 0.1f, gradient, Zeros(loss.Work));
            return [[(float)sum], Values(gradient, 2 * 5 * 4 * 11)];
        }
    }

    private float* Norm(TrainingTeam team, float* x, Random random)
    {
        int c = s_shape.Channels;
        float* norm = Zeros(BatchNormPass.Rows * c);
        BatchNormPass.OfBatch(team, s_shape, x, Random(random, c), Random(random, c), 1e-5, norm, new float[c], new float[c]);
        return norm;
    }

    private float* Positive(Random random, long count)
    {
        float* values = Random(random, count);
        for (long i = 0; i < count; i++)
        {
            values[i] = Math.Abs(values[i]);
        }

        return values;
    }

    private static float[] Values(float* values, long count) => new ReadOnlySpan<float>(values, (int)count).ToArray();
}
