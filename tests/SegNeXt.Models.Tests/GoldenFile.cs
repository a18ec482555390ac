using SegNeXt.Core;
using SegNeXt.TestUtilities;
using SegNeXt.Torch;

namespace SegNeXt.Models.Tests;

/// <summary>A file of reference tensors as libtorch tensors.</summary>
internal sealed class GoldenFile : IDisposable
{
    private readonly SafetensorsFile _file;

    public GoldenFile(string name)
    {
        _file = SafetensorsFile.Open(TestPaths.RequireGolden(name));
    }

    public IEnumerable<string> Names => _file.Tensors.Select(tensor => tensor.Name);

    public bool Has(string name) => _file.Find(name) is not null;

    /// <summary>A float tensor, in float32.</summary>
    public Tensor this[string name]
    {
        get
        {
            TensorInfo info = _file.Find(name) ?? throw new KeyNotFoundException(name);
            return Tensor.FromArray<float>(Floats(name), info.Shape);
        }
    }

    public float[] Floats(string name)
    {
        TensorInfo info = _file.Find(name) ?? throw new KeyNotFoundException(name);
        var values = new float[info.ElementCount];
        _file.ReadFloats(name, values);
        return values;
    }

    /// <summary>Fills a module's state from the entries that begin with a prefix; every state tensor must be there.</summary>
    public void Fill(Module module, string prefix)
    {
        using GradMode noGrad = Autograd.NoGrad();
        foreach ((string name, Tensor target) in module.StateTensors())
        {
            if (name.EndsWith("ham.bases", StringComparison.Ordinal) || name == "bases")
            {
                continue;
            }

            using Tensor values = this[prefix + name];
            target.CopyFrom_(values);
        }
    }

    public void Dispose() => _file.Dispose();
}
