using System.Globalization;
using SegNeXt.Core;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>Processes with a part of a batch each compute what one does with the whole: gradients, and the statistics of batch norms.</summary>
public sealed class RankedStepTests : IDisposable
{
    /// <summary>
    /// Of a tensor's largest number. Sums are taken in another order, in single precision, through some thirty batch norms one after
    /// the other; what was seen is below 2e-5.
    /// </summary>
    private const double Tolerance = 2e-4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(2, "batch=4", "kernels=Libtorch")]
    [InlineData(4, "batch=6", "kernels=Fused")]
    [InlineData(2, "batch=3", "kernels=Fused", "checkpointing=Blocks", "accumulate=2")]
    [InlineData(2, "batch=4", "kernels=Libtorch", "model=aspp")]
    public void Step_InSeveralProcesses_IsThatOfOneWithTheWholeBatch(int size, params string[] options)
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        string one = _folder.File("one"), together = _folder.File("together");
        Task<RankProcesses.End[]> alone = Task.Run(() => RankProcesses.Run(1, "step", one, options));
        Require(RankProcesses.Run(size, "step", together, options));
        Require(alone.GetAwaiter().GetResult());

        using SafetensorsFile expected = SafetensorsFile.Open(one), found = SafetensorsFile.Open(together);
        Assert.Equal(expected.Tensors.Select(tensor => tensor.Name), found.Tensors.Select(tensor => tensor.Name));
        Assert.Contains(expected.Tensors, tensor => tensor.Name.EndsWith("running_var", StringComparison.Ordinal));
        double largestGradient = expected.Tensors.Where(tensor => tensor.Name.StartsWith("gradient.", StringComparison.Ordinal)).Max(tensor => Values(expected, tensor).Max(Math.Abs));
        foreach (TensorInfo tensor in expected.Tensors)
        {
            double[] a = Values(expected, tensor), b = Values(found, tensor);
            double scale = Math.Max(a.Max(Math.Abs), Negligible(tensor.Name, largestGradient));
            double apart = a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
            Assert.True(apart <= Tolerance * scale, string.Create(CultureInfo.InvariantCulture, $"{tensor.Name}: {apart / scale} of its largest number"));
        }
    }

    [SkippableTheory]
    [InlineData(2)]
    [InlineData(4)]
    public void Collectives_OverProcesses_GiveAllTheSame(int size)
    {
        Skip.IfNot(TorchRuntime.IsAvailable(out string? reason), reason);
        string output = _folder.File("said");
        Require(RankProcesses.Run(size, "collectives", output));
        string expected = string.Create(CultureInfo.InvariantCulture, $"{size * (size + 1) / 2} {size} {size * (size - 1) / 2} 0 of rank 0 True False");
        Assert.All(Enumerable.Range(0, size), rank => Assert.Equal(expected, File.ReadAllText($"{output}.{rank}")));
    }

    private static void Require(RankProcesses.End[] ends) => Assert.All(ends, end => Assert.True(end.Code == 0, end.Error));

    /// <summary>
    /// A bias in front of a batch norm has no influence, and the mean of what a batch norm gave is 0: what is found there is nothing
    /// but rounding, to be compared with what such numbers are elsewhere.
    /// </summary>
    private static double Negligible(string name, double largestGradient) =>
        name.StartsWith("gradient.", StringComparison.Ordinal) ? 1e-3 * largestGradient : name.EndsWith("running_mean", StringComparison.Ordinal) ? 0.05 : 0;

    private static double[] Values(SafetensorsFile file, TensorInfo tensor)
    {
        if (tensor.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
        {
            var whole = new long[1];
            file.ReadInt64(tensor.Name, whole);
            return [whole[0]];
        }

        var values = new float[tensor.Shape.Aggregate(1L, (product, side) => product * side)];
        file.ReadFloats(tensor.Name, values);
        return Array.ConvertAll(values, value => (double)value);
    }
}
