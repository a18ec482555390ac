namespace SegNeXt.Torch;

/// <summary>
/// Batch normalisation over the batch of all processes of a group: in training, means and variances are those of every
/// process's images together, forward and backward, so that N processes compute what one would with the whole batch.
/// </summary>
/// <remarks>
/// What <c>torch.nn.SyncBatchNorm</c> does: each process's mean, sum of squared differences and number of values are
/// exchanged and joined (Chan, Golub and LeVeque, 1979), which keeps its precision where the mean is large; the backward pass
/// exchanges Σ dy and Σ dy·(x − mean). Processes may have different numbers of images, each at least one.
/// </remarks>
public static class SyncBatchNorm
{
    /// <summary>Makes all batch norms below a module take their statistics over a group.</summary>
    /// <param name="module">The module, in every process of the same structure.</param>
    /// <param name="group">The group, or null to go back to each process's own statistics.</param>
    public static void Convert(Module module, ProcessGroup? group)
    {
        ArgumentNullException.ThrowIfNull(module);
        foreach (BatchNorm2d norm in module.NamedModules().Select(static entry => entry.Value).OfType<BatchNorm2d>())
        {
            norm.Group = group;
        }
    }

    /// <summary>Joins the statistics of all processes, in the CPU's memory: for gloo.</summary>
    /// <param name="group">The group.</param>
    /// <param name="mean">C means; those of all after it.</param>
    /// <param name="squares">C sums of squared differences from the means; those of all after it.</param>
    /// <param name="count">Values of each channel in this process.</param>
    /// <returns>Values of each channel in all processes.</returns>
    public static double Join(ProcessGroup group, Span<double> mean, Span<double> squares, double count)
    {
        ArgumentNullException.ThrowIfNull(group);
        int channels = mean.Length;
        using TensorScope scope = new();
        using Tensor own = Tensor.FromArray<double>([.. mean, .. squares, count], [(2 * channels) + 1]);
        double[][] all = Array.ConvertAll(group.AllGather(own), static values => values.ToArray<double>());
        double total = all.Sum(values => values[^1]);
        for (int c = 0; c < channels; c++)
        {
            double joined = all.Sum(values => values[c] * (values[^1] / total));
            double sum = 0;
            foreach (double[] values in all)
            {
                double apart = values[c] - joined;
                sum += values[channels + c] + (values[^1] * apart * apart);
            }

            (mean[c], squares[c]) = (joined, sum);
        }

        return total;
    }

    /// <summary>Normalises with the statistics of the whole batch, and takes them into the running averages.</summary>
    internal static Tensor Forward(Tensor x, BatchNorm2d norm) => new Function(norm, norm.Group!).Apply(x, norm.Weight, norm.Bias)[0];

    private sealed class Function(BatchNorm2d norm, ProcessGroup group) : CustomFunction
    {
        private static readonly long[] s_positions = [0, 2, 3];

        protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs)
        {
            Tensor x = inputs[0].To(ScalarType.Float32);
            long channels = x.Size(1);
            double count = x.NumElements / (double)channels;
            Tensor own = x.Mean(s_positions, keepDim: true);
            Tensor squares = (x - own).Pow(2).Sum(s_positions);
            Tensor counted = Tensor.Full([1], count, ScalarType.Float64, x.Device);
            Tensor packed = Tensor.Cat([own.Flatten().To(ScalarType.Float64), squares.To(ScalarType.Float64), counted], 0);
            Tensor all = Tensor.Stack(group.AllGather(packed)); // [ranks, 2C + 1]
            Tensor means = all.Narrow(1, 0, channels), sums = all.Narrow(1, channels, channels), counts = all.Narrow(1, 2 * channels, 1);
            Tensor total = counts.Sum();
            Tensor mean = (means * counts).Sum([0]) / total;
            Tensor joined = (sums + (counts * (means - mean).Pow(2))).Sum([0]);
            Tensor narrowMean = mean.To(ScalarType.Float32);
            Tensor variance = (joined / total).To(ScalarType.Float32);
            Track(narrowMean, (joined / (total - 1).Clamp(min: 1)).To(ScalarType.Float32));
            Tensor y = Functional.BatchNorm(x, inputs[1], inputs[2], narrowMean, variance, false, norm.Momentum, norm.Eps);
            if (context.NeedsAnyGradient)
            {
                context.SaveForBackward(x, inputs[1], narrowMean, (variance + norm.Eps).Pow(-0.5), total);
            }

            return [y.To(inputs[0].Type)];
        }

        protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients)
        {
            (Tensor x, Tensor weight, Tensor mean, Tensor inverse, Tensor total) = (context.Saved[0], context.Saved[1], context.Saved[2], context.Saved[3], context.Saved[4]);
            Tensor dy = gradients[0].To(ScalarType.Float32);
            long channels = x.Size(1);
            Tensor centred = x - Spread(mean);
            Tensor sum = dy.Sum(s_positions), product = (dy * centred).Sum(s_positions);
            Tensor packed = Tensor.Cat([sum.To(ScalarType.Float64), product.To(ScalarType.Float64)], 0);
            group.AllReduce(packed);
            Tensor meanOfGradient = (packed.Narrow(0, 0, channels) / total).To(ScalarType.Float32);
            Tensor slope = (packed.Narrow(0, channels, channels) / total).To(ScalarType.Float32) * inverse * inverse;

            // With x̂ = (x − mean) / σ: dx = weight / σ · (dy − mean(dy) − x̂ · mean(dy·x̂)).
            Tensor dx = (dy - Spread(meanOfGradient) - (centred * Spread(slope))) * Spread(weight * inverse);
            return
            [
                context.NeedsGradient(0) ? dx.To(gradients[0].Type) : null,
                context.NeedsGradient(1) ? product * inverse : null,
                context.NeedsGradient(2) ? sum : null,
            ];
        }

        private static Tensor Spread(Tensor channels) => channels.View(1, -1, 1, 1);

        private void Track(Tensor mean, Tensor variance)
        {
            if (norm.TracksStatistics)
            {
                norm.NumBatchesTracked.Add_(1);
                norm.RunningMean.Lerp_(mean, norm.Momentum);
                norm.RunningVar.Lerp_(variance, norm.Momentum);
            }
        }
    }
}
