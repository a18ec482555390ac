namespace SegNeXt.Kernels.Tests;

public sealed unsafe class ArgMaxTests : KernelTest
{
    [Theory]
    [MemberData(nameof(Levels))]
    public void ArgMax_RandomCells_EqualsAllScores(InstructionLevel level)
    {
        Random random = new(21);
        for (int trial = 0; trial < 400; trial++)
        {
            // From cells that one class owns to cells that all fight for, negative scores and exact ties included.
            int classes = random.Next(1, 40), width = random.Next(1, 20), height = random.Next(1, 10);
            float spread = trial % 4 == 0 ? 10 : trial % 4 == 1 ? 0.01f : 1, shift = trial % 3 * 100;
            float* scores = Zeros(4 * classes);
            for (int i = 0; i < 4 * classes; i++)
            {
                scores[i] = trial % 5 == 0 ? random.Next(-1, 2) : (spread * (float)random.NextDouble()) - shift;
            }

            float* right = Random(random, width + ScoreCell.ReadAhead), lower = Random(random, height);
            for (int i = 0; i < width; i++)
            {
                right[i] = Math.Abs(right[i]);
            }

            for (int i = 0; i < height; i++)
            {
                lower[i] = Math.Abs(lower[i]);
            }

            const int Stride = 32;
            byte[] ids = new byte[height * Stride];
            fixed (byte* target = ids)
            {
                ScoreCell cell = new(scores, scores + classes, scores + (2 * classes), scores + (3 * classes), right, width, lower, height);
                KernelSet.For(level).ArgMax(cell, classes, target, Stride, Zeros(KernelSet.ArgMaxScratchSize(classes)));
            }

            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < Stride; x++)
                {
                    Assert.Equal(x < width ? Best(scores, classes, right[x], lower[y]) : 0, ids[(y * Stride) + x]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void ArgMax_ScoresThatAreNoNumbers_GivesSomeClass(InstructionLevel level)
    {
        float* scores = Zeros(12), shares = Zeros(2 * ScoreCell.ReadAhead);
        new Span<float>(scores, 12).Fill(float.NaN);
        byte[] ids = [9, 9];
        fixed (byte* target = ids)
        {
            ScoreCell cell = new(scores, scores + 3, scores + 6, scores + 9, shares, 2, shares, 1);
            KernelSet.For(level).ArgMax(cell, 3, target, 2, Zeros(KernelSet.ArgMaxScratchSize(3)));
        }

        Assert.All(ids, id => Assert.InRange(id, 0, 2));
    }

    private static byte Best(float* scores, int classes, float right, float lower)
    {
        int best = 0;
        float highest = float.NegativeInfinity;
        for (int k = 0; k < classes; k++)
        {
            float top = (scores[k] * (1 - right)) + (scores[classes + k] * right);
            float bottom = (scores[(2 * classes) + k] * (1 - right)) + (scores[(3 * classes) + k] * right);
            float score = (top * (1 - lower)) + (bottom * lower);
            if (score > highest)
            {
                (highest, best) = (score, k);
            }
        }

        return (byte)best;
    }
}
