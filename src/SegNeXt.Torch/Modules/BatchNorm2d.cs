namespace SegNeXt.Torch;

/// <summary>
/// Batch normalisation (<see cref="Functional.BatchNorm"/>): with the batch's statistics while training, with running
/// averages of them in evaluation.
/// </summary>
/// <remarks>
/// Keys "weight" (ones), "bias" (zeros), "running_mean" (zeros), "running_var" (ones), each [C], and
/// "num_batches_tracked" (Int64 scalar).
/// </remarks>
public sealed class BatchNorm2d : Module
{
    /// <summary>A batch normalisation.</summary>
    /// <param name="channels">C.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="momentum">Weight of a new batch in the running averages.</param>
    public BatchNorm2d(int channels, double eps = 1e-5, double momentum = 0.1)
    {
        (Eps, Momentum) = (eps, momentum);
        Weight = RegisterParameter("weight", Tensor.Ones([channels]));
        Bias = RegisterParameter("bias", Tensor.Zeros([channels]));
        RunningMean = RegisterBuffer("running_mean", Tensor.Zeros([channels]));
        RunningVar = RegisterBuffer("running_var", Tensor.Ones([channels]));
        NumBatchesTracked = RegisterBuffer("num_batches_tracked", Tensor.Zeros([], ScalarType.Int64));
    }

    /// <summary>Added to the variance.</summary>
    public double Eps { get; }

    /// <summary>Weight of a new batch in the running averages.</summary>
    public double Momentum { get; }

    /// <summary>Scale [C].</summary>
    public Tensor Weight { get; }

    /// <summary>Shift [C].</summary>
    public Tensor Bias { get; }

    /// <summary>Running mean [C].</summary>
    public Tensor RunningMean { get; }

    /// <summary>Running unbiased variance [C].</summary>
    public Tensor RunningVar { get; }

    /// <summary>Number of training batches seen, an Int64 scalar.</summary>
    public Tensor NumBatchesTracked { get; }

    /// <summary>
    /// The processes over whose images together training takes its statistics, see <see cref="SyncBatchNorm"/>; null, as at
    /// first, for this process's alone.
    /// </summary>
    public ProcessGroup? Group { get; set; }

    /// <summary>
    /// Whether training updates the running averages; true at first. <see cref="Checkpoint"/> turns it off while it
    /// computes a second time what has been counted already.
    /// </summary>
    internal bool TracksStatistics { get; set; } = true;

    /// <summary>Normalises each channel.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <returns>[N, C, H, W].</returns>
    public Tensor Forward(Tensor x)
    {
        if (Training && Group is not null)
        {
            return SyncBatchNorm.Forward(x, this);
        }

        if (Training && !TracksStatistics)
        {
            return Functional.BatchNorm(x, Weight, Bias, null, null, true, Momentum, Eps);
        }

        if (Training)
        {
            NumBatchesTracked.Add_(1);
        }

        return Functional.BatchNorm(x, Weight, Bias, RunningMean, RunningVar, Training, Momentum, Eps);
    }

    /// <summary>
    /// Takes a batch's statistics into the running averages, as <see cref="Forward"/> does in training: for code that
    /// normalises by other means.
    /// </summary>
    /// <param name="mean">The batch's means, C numbers.</param>
    /// <param name="variance">The batch's unbiased variances, C numbers.</param>
    /// <exception cref="InvalidOperationException">The running averages are not single-precision numbers on the CPU.</exception>
    public void Track(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance)
    {
        if (!TracksStatistics)
        {
            return;
        }

        NumBatchesTracked.Add_(1);
        Average(RunningMean.Data<float>(), mean);
        Average(RunningVar.Data<float>(), variance);
    }

    private void Average(Span<float> running, ReadOnlySpan<float> batch)
    {
        for (int c = 0; c < running.Length; c++)
        {
            running[c] = (float)(((1 - Momentum) * running[c]) + (Momentum * batch[c]));
        }
    }
}
