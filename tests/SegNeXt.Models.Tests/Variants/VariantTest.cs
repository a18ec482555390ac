using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>Modules in double precision with random values everywhere, held against <see cref="PlainLayers"/>.</summary>
public abstract class VariantTest : IDisposable
{
    private protected const double Limit = 1e-10;

    protected VariantTest() => Generator = new Generator(42);

    protected Generator Generator { get; }

    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 1, 5 }, { 6, 1 }, { 4, 3 }, { 7, 9 } };

    public void Dispose()
    {
        Generator.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Every value of a module random: no gain of 0 or shift of 0 hides a part; variances lie above 0.</summary>
    protected void Randomise(Module module)
    {
        using GradMode noGrad = Autograd.NoGrad();
        foreach ((string key, Tensor tensor) in module.StateTensors().Where(entry => entry.Value.Type != ScalarType.Int64))
        {
            using Tensor values = key.EndsWith("running_var", StringComparison.Ordinal) ? Tensor.Uniform(tensor.Shape, 0.5, 1.5, Generator) : Tensor.Normal(tensor.Shape, 0, 0.4, Generator);
            tensor.CopyFrom_(values);
        }

        module.To(ScalarType.Float64);
        module.Eval();
    }

    protected Tensor Random(params long[] shape) => Tensor.Normal(shape, 0, 1, Generator, ScalarType.Float64);

    private protected static void AssertEqual(Func<Plain, Plain> expected, Tensor x, Tensor actual, string what) =>
        Close.Relative(PlainLayers.Write([.. PlainLayers.Read(x).Select(expected)]), actual, Limit, what);
}
