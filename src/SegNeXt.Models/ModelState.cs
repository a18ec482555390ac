using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Models;

/// <summary>Weights between networks and files, in the released code's names.</summary>
public static class ModelState
{
    /// <summary>Copies a file's tensors into a network.</summary>
    /// <param name="module">The network; tensors keep their identity, device and memory layout.</param>
    /// <param name="source">An open weight file.</param>
    /// <param name="match">Which tensor of the file belongs to which of the network.</param>
    public static void Load(Module module, ITensorSource source, MatchResult match)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(match);
        Dictionary<string, Tensor> targets = module.StateTensors().ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        using GradMode noGrad = Autograd.NoGrad();
        foreach ((TensorSpec spec, string nameInFile) in match.Tensors)
        {
            using TensorScope scope = new();
            Tensor target = targets[spec.Name];
            target.CopyFrom_(Read(source, nameInFile, target));
        }
    }

    /// <summary>Writes a network with its configuration as one model file.</summary>
    /// <param name="path">A <c>.safetensors</c> path; replaced as a whole or not at all.</param>
    /// <param name="module">The network.</param>
    /// <param name="config">What the network is; stored in the metadata.</param>
    /// <param name="metadata">Further metadata, or null.</param>
    public static void Save(string path, Module module, ModelConfig config, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        using GradMode noGrad = Autograd.NoGrad();
        Dictionary<string, string> all = ModelConfigJson.Metadata(config);
        foreach ((string key, string value) in metadata ?? new Dictionary<string, string>())
        {
            all[key] = value;
        }

        SafetensorsWriter.Write(path, module.StateTensors().Select(entry => ToNamed(entry.Key, entry.Value)), all);
    }

    /// <summary>A tensor's values, ready to be written under a name.</summary>
    /// <param name="name">Name in the file.</param>
    /// <param name="tensor">Float32 or int64 values on any device.</param>
    public static NamedTensor ToNamed(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using TensorScope scope = new();
        Tensor plain = tensor.Detach().To(Device.Cpu).Contiguous();
        return plain.Type == ScalarType.Int64
            ? NamedTensor.FromInt64(name, plain.Shape, plain.ToArray<long>())
            : NamedTensor.FromFloats(name, plain.Shape, plain.To(ScalarType.Float32).ToArray<float>());
    }

    /// <summary>Reads a tensor of a file as a CPU tensor of a given tensor's element kind.</summary>
    /// <param name="source">An open weight file.</param>
    /// <param name="name">Name in the file.</param>
    /// <param name="like">Gives the shape, and whether integers or floats are read.</param>
    public static Tensor Read(ITensorSource source, string name, Tensor like)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(like);
        if (like.Type == ScalarType.Int64)
        {
            var integers = new long[like.NumElements];
            source.ReadInt64(name, integers);
            return Tensor.FromArray<long>(integers, like.Shape);
        }

        var values = new float[like.NumElements];
        source.ReadFloats(name, values);
        return Tensor.FromArray<float>(values, like.Shape);
    }
}
