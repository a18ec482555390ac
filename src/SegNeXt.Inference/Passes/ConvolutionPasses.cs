using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>3×3 convolutions of stride 2, and layer norm.</summary>
internal static unsafe class ConvolutionPasses
{
    private const int FewRows = 4;

    /// <summary>Side of a map after a 3×3 convolution of stride 2 with padding 1.</summary>
    public static int Halve(int size) => ((size - 1) / 2) + 1;

    /// <summary>
    /// output = conv3×3, stride 2 (input) + bias. The windows are read where they lie: three rows of three neighbouring
    /// pixels are three runs of numbers.
    /// </summary>
    public static void AddDownSampling(PlanBuilder plan, Map input, Map output, PackedMatrix weights)
    {
        KernelSet kernels = plan.Kernels;
        int channels = input.Channels;
        plan.AddBands("down-sampling", output.Height, FewRows, (_, from, to) =>
        {
            for (int y = from; y < to; y++)
            {
                MatrixRows windows = new(input.Row((2 * y) - 1) - channels, 2 * channels, 3 * channels, 1, 3, input.RowStride);
                kernels.Product(windows, output.Width, weights, output.Row(y), output.Channels);
            }
        });
    }

    /// <summary>output = layer norm (input) over channels, after what is pending has been added to the input: a stage's end.</summary>
    public static void AddLayerNorm(PlanBuilder plan, string name, Map input, Map? pending, Map output, StageWeights stage)
    {
        const float Epsilon = 1e-5f;
        KernelSet kernels = plan.Kernels;
        plan.AddBands(name, input.Height, FewRows, (_, from, to) =>
        {
            output.ClearMarginOf(from, to);
            for (int y = from; y < to; y++)
            {
                BlockPasses.Complete(kernels, input, pending, y);
                kernels.LayerNorm(input.Row(y), stage.NormGain.Data, stage.NormBias.Data, output.Row(y), input.Width, stage.Channels, Epsilon);
            }
        });
    }
}
