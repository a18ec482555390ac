using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

public sealed class SoftTargetCrossEntropyTests
{
    private static readonly double[] s_first = [0.2, 0.3, 0.5];

    [Fact]
    public void Of_SmallBatch_IsTheFormulaAndItsGradient()
    {
        using TensorScope scope = new();
        Tensor logits = Tensor.FromArray<float>([1, 2, 3, 0, 0, 0], [2, 3]).RequiresGrad_();
        Tensor targets = Tensor.FromArray<float>([0.2f, 0.3f, 0.5f, 1, 0, 0], [2, 3]);
        Tensor loss = SoftTargetCrossEntropy.Of(logits, targets);
        double logSum = Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3));
        double expected = ((logSum - ((0.2 * 1) + (0.3 * 2) + (0.5 * 3))) + Math.Log(3)) / 2;
        Assert.Equal(expected, loss.Item(), 1e-6);
        loss.Backward();
        float[] gradient = logits.Grad!.ToArray<float>();
        for (int k = 0; k < 3; k++)
        {
            Assert.Equal((Math.Exp(k + 1 - logSum) - s_first[k]) / 2, gradient[k], 1e-6);
        }

        Assert.Equal(((1.0 / 3) - 1) / 2, gradient[3], 1e-6);
    }
}
