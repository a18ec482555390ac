using SegNeXt.Core;

namespace SegNeXt.Training;

/// <summary>The weights that a run starts from: <c>model.init</c>.</summary>
internal static class InitialWeights
{
    /// <summary>
    /// Refuses a path that leads nowhere, before the data set is gone through, and says where such a file comes from.
    /// </summary>
    /// <param name="path">The value of <c>model.init</c>; null where a run starts from random weights.</param>
    /// <exception cref="InputException">There is no such file.</exception>
    public static void Require(string? path)
    {
        if (path is null || Path.Exists(path))
        {
            return;
        }

        string name = Path.GetFileName(path);
        string origin = name is ['m', 's', 'c', 'a', 'n', '_', var size, '.', 'p', 't', 'h']
            ? $"; it is the encoder MSCAN-{char.ToUpperInvariant(size)} trained on ImageNet, released with the paper's code as {name}"
            : name is ['m', 'i', 't', '_', 'b', var number, '.', 'p', 't', 'h']
                ? $"; it is the encoder MiT-B{number} trained on ImageNet, released with SegFormer's code as {name}"
            : name == "best.safetensors"
                ? $"; a run in {Path.GetDirectoryName(path)} writes it, the first step of this one"
                : "";
        throw new InputException(
            $"{path}: there is no such file to start from (model.init){origin}. Say where it is with --init FILE, or train from random weights with --set model.init=null.");
    }
}
