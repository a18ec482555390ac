using SegNeXt.Core;

namespace SegNeXt.Export;

/// <summary>The layers that SegNeXt is made of, in operations of opset 17.</summary>
internal sealed partial class GraphBuilder
{
    private const float NormEpsilon = 1e-5f;

    /// <summary>A convolution under its module's name, padded by half its kernel.</summary>
    /// <param name="weights">Its weights; a single input channel per group means depth-wise.</param>
    /// <param name="input">The map <c>[N, C, H, W]</c>.</param>
    /// <param name="stride">Step of both axes.</param>
    /// <param name="output">The output's name, or null for the module's.</param>
    public string Convolve(FoldedConvolution weights, string input, int stride = 1, string? output = null)
    {
        long[] shape = weights.Shape;
        long groups = shape[1] == 1 ? shape[0] : 1;
        string[] inputs = weights.Bias is { } bias
            ? [input, Floats($"{weights.Name}.weight", weights.Weights, shape), Floats($"{weights.Name}.bias", bias, shape[0])]
            : [input, Floats($"{weights.Name}.weight", weights.Weights, shape)];
        return Add(
            weights.Name,
            "Conv",
            inputs,
            [
                IntegerList("dilations", 1, 1),
                Integer("group", groups),
                IntegerList("kernel_shape", shape[2], shape[3]),
                IntegerList("pads", shape[2] / 2, shape[3] / 2, shape[2] / 2, shape[3] / 2),
                IntegerList("strides", stride, stride),
            ],
            output);
    }

    /// <summary>The exact GELU, x · (1 + erf(x / √2)) · ½, in the order of operations that runtimes recognise and fuse.</summary>
    public string Gelu(string name, string x)
    {
        string scaled = Add($"{name}/Div", "Div", [x, Scalar("sqrt2", MathF.Sqrt(2))]);
        string erf = Add($"{name}/Erf", "Erf", [scaled]);
        string plusOne = Add($"{name}/Add", "Add", [erf, Scalar("one", 1)]);
        string product = Add($"{name}/Mul", "Mul", [x, plusOne]);
        return Add(name, "Mul", [product, Scalar("half", 0.5f)]);
    }

    public string Relu(string name, string x) => Add(name, "Relu", [x]);

    /// <summary>Layer norm over channels, position by position.</summary>
    public string LayerNorm(ModelTensors tensors, string name, string map)
    {
        float[] gain = tensors.Read($"{name}.weight"), bias = tensors.Read($"{name}.bias");
        string last = Add($"{name}/channels_last", "Transpose", [map], [IntegerList("perm", 0, 2, 3, 1)]);
        string normed = Add(
            $"{name}/LayerNormalization",
            "LayerNormalization",
            [last, Floats($"{name}.weight", gain, gain.Length), Floats($"{name}.bias", bias, bias.Length)],
            [Integer("axis", -1), Float("epsilon", NormEpsilon)]);
        return Add(name, "Transpose", [normed], [IntegerList("perm", 0, 3, 1, 2)]);
    }

    /// <summary>Group norm, as an instance norm over the groups with gain and bias per channel behind it.</summary>
    /// <param name="tensors">The weights.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="map">The map <c>[N, C, h, w]</c>.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="shape">The map's shape: a constant, or a value of the graph.</param>
    public string GroupNorm(ModelTensors tensors, string name, string map, int groups, string shape)
    {
        float[] gain = tensors.Read($"{name}.weight"), bias = tensors.Read($"{name}.bias");
        float[] ones = new float[groups];
        Array.Fill(ones, 1);
        string grouped = Add($"{name}/groups", "Reshape", [map, Shared("group_norm.shape", 0, groups, -1)]);
        string normed = Add(
            $"{name}/InstanceNormalization",
            "InstanceNormalization",
            [grouped, Shared("group_norm.ones", ones), Shared("group_norm.zeros", new float[groups])],
            [Float("epsilon", NormEpsilon)]);
        string back = Add($"{name}/map", "Reshape", [normed, shape]);
        string scaled = Add($"{name}/Mul", "Mul", [back, Floats($"{name}.weight", gain, 1, gain.Length, 1, 1)]);
        return Add(name, "Add", [scaled, Floats($"{name}.bias", bias, 1, bias.Length, 1, 1)]);
    }

    /// <summary>Bilinear resize, <c>align_corners=False</c>, to sizes <c>[N, C, h, w]</c> that are a constant or a value of the graph.</summary>
    public string Resize(string name, string map, string sizes) => Add(
        name,
        "Resize",
        [map, "", "", sizes],
        [Text("coordinate_transformation_mode", "half_pixel"), Text("mode", "linear"), Text("nearest_mode", "floor")]);

    private string Shared(string name, params long[] values) => _constants.Contains(name) ? name : Integers(name, values);

    private string Shared(string name, float[] values) => _constants.Contains(name) ? name : Floats(name, values, values.Length);
}
