using SegNeXt.Kernels;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>The hamburger's factorisation as one function of its map, by <see cref="Factorisation"/>, image by image.</summary>
internal sealed unsafe class FusedFactorisation : CustomFunction
{
    private readonly Tensor _bases;
    private readonly int _rank;
    private readonly int _rounds;
    private readonly double _epsilon;

    private FusedFactorisation(Tensor bases, int rank, int rounds, double epsilon)
    {
        (_bases, _rank, _rounds, _epsilon) = (bases, rank, rounds, epsilon);
    }

    /// <summary>Whether the kernels can compute with a map and a number of bases.</summary>
    public static bool Take(Tensor map, int rank) =>
        FusedKernels.Take(map) && rank % TrainingShape.ChannelStep == 0 && map.Size(2) * map.Size(3) <= int.MaxValue / map.Size(1);

    /// <summary>Factorises and multiplies out again.</summary>
    /// <param name="map">Features [N, D, H, W].</param>
    /// <param name="bases">The bases to start from, [N, D, R]; constants.</param>
    /// <param name="rounds">Rounds.</param>
    /// <param name="epsilon">ε of the updates.</param>
    public static Tensor Run(Tensor map, Tensor bases, int rounds, double epsilon)
    {
        using Tensor dense = map.Contiguous(MemoryFormat.ChannelsLast);
        using Tensor start = bases.Contiguous();
        return new FusedFactorisation(start, (int)bases.Size(2), rounds, epsilon).Apply(dense)[0];
    }

    /// <inheritdoc/>
    protected override Tensor[] Forward(FunctionContext context, IReadOnlyList<Tensor> inputs)
    {
        TrainingShape shape = FusedKernels.ShapeOf(inputs[0]);
        using TeamLease lease = TeamLease.Take();
        Factorisation images = Images(lease.Team, shape);
        Tensor y = FusedKernels.NewMap(shape);
        Tensor kept = Tensor.Empty([shape.Batch, images.KeptCount]);
        for (int image = 0; image < shape.Batch; image++)
        {
            nint at = shape.Offset(image, 0);
            float* bases = FusedKernels.Data(_bases) + ((nint)image * shape.Channels * _rank);
            images.Forward(FusedKernels.Map(inputs[0]) + at, bases, FusedKernels.Map(y) + at, FusedKernels.Data(kept) + (image * (nint)images.KeptCount));
        }

        if (context.NeedsAnyGradient)
        {
            context.SaveForBackward(inputs[0], kept);
        }

        return [y];
    }

    /// <inheritdoc/>
    protected override Tensor?[] Backward(FunctionContext context, IReadOnlyList<Tensor> gradients)
    {
        Tensor x = context.Saved[0];
        TrainingShape shape = FusedKernels.ShapeOf(x);
        using TeamLease lease = TeamLease.Take();
        Factorisation images = Images(lease.Team, shape);
        Tensor dy = gradients[0].Contiguous(MemoryFormat.ChannelsLast);
        Tensor dx = FusedKernels.NewMap(shape);
        using Tensor work = FusedKernels.NewNumbers(images.BackwardWork);
        for (int image = 0; image < shape.Batch; image++)
        {
            nint at = shape.Offset(image, 0);
            float* kept = FusedKernels.Data(context.Saved[1]) + (image * (nint)images.KeptCount);
            images.Backward(FusedKernels.Map(x) + at, kept, FusedKernels.Map(dy) + at, FusedKernels.Map(dx) + at, FusedKernels.Data(work));
        }

        return [dx];
    }

    private Factorisation Images(TrainingTeam team, TrainingShape shape) =>
        new(team, shape.Height * shape.Width, shape.Channels, _rank, _rounds, _epsilon);
}
