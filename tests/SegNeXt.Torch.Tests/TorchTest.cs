[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SegNeXt.Torch.Tests;

/// <summary>
/// Base of tests on tensors: everything that a test creates is disposed with it. Tests run one after the other, since
/// libtorch's threads and the count of live handles are the process's.
/// </summary>
public abstract class TorchTest : IDisposable
{
    private readonly TensorScope _scope = new();

    public void Dispose()
    {
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A double tensor.</summary>
    protected static Tensor Doubles(ReadOnlySpan<double> values, params ReadOnlySpan<long> shape) =>
        Tensor.FromArray(values, shape);

    /// <summary>1, 2, 3, … as doubles.</summary>
    protected static Tensor Counting(params ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count *= size;
        }

        return (Tensor.Arange(count).To(ScalarType.Float64) + 1).Reshape(shape);
    }

    /// <summary>Fixed normal draws in double precision.</summary>
    protected static Tensor Draws(ulong seed, params ReadOnlySpan<long> shape)
    {
        using Generator generator = new(seed);
        return Tensor.Normal(shape, 0, 1, generator, ScalarType.Float64);
    }

    /// <summary>Compares all elements.</summary>
    protected static void AssertClose(ReadOnlySpan<double> expected, Tensor actual, double tolerance = 1e-12)
    {
        double[] found = actual.To(ScalarType.Float64).ToArray<double>();
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            // NaN differs from everything, so that it never counts as close.
            Assert.True(
                Math.Abs(expected[i] - found[i]) <= tolerance, $"element {i}: expected {expected[i]}, found {found[i]}");
        }
    }

    /// <summary>Compares shape and all elements.</summary>
    protected static void AssertClose(Tensor expected, Tensor actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        AssertClose(expected.To(ScalarType.Float64).ToArray<double>(), actual, tolerance);
    }

    /// <summary>Compares autograd's derivatives with central differences, for every element of every input.</summary>
    protected static void AssertGradients(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        foreach (Tensor input in inputs)
        {
            input.RequiresGrad_();
        }

        Tensor output = function(inputs);
        Tensor weights = Draws(99, output.Shape);
        Tensor[] analytic = Autograd.Grad((output * weights).Sum(), inputs);

        using GradMode noGrad = Autograd.NoGrad();
        const double Step = 1e-5;
        for (int k = 0; k < inputs.Length; k++)
        {
            double[] found = analytic[k].ToArray<double>();
            Assert.Contains(found, static value => value != 0);
            for (int i = 0; i < found.Length; i++)
            {
                double numeric = (Shifted(i, Step) - Shifted(i, -Step)) / (2 * Step);
                Assert.True(
                    Math.Abs(numeric - found[i]) <= 1e-6 * Math.Max(1, Math.Abs(numeric)),
                    $"input {k}, element {i}: autograd gives {found[i]}, differences give {numeric}");
            }

            double Shifted(int index, double step)
            {
                Span<double> data = inputs[k].Data<double>();
                double before = data[index];
                data[index] = before + step;
                double value = (function(inputs) * weights).Sum().Item();
                data[index] = before;
                return value;
            }
        }
    }
}
