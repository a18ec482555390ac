using SegNeXt.Core;

namespace SegNeXt.Export;

/// <summary>
/// MSCAN (SegNeXt, arXiv:2209.08575, Section 3.1; <c>mscan.py</c> of the released code) as ONNX nodes. Batch norms and
/// layer scales are folded into the convolutions beside them.
/// </summary>
internal sealed class EncoderGraph(GraphBuilder graph, ModelTensors tensors, string prefix)
{
    /// <summary>Adds the encoder.</summary>
    /// <param name="picture">The normalised picture <c>[N, 3, H, W]</c>.</param>
    /// <returns>The outputs of the four stages.</returns>
    public string[] Add(string picture)
    {
        MscanConfig encoder = tensors.Config.RequireMscan("ONNX export");
        var outputs = new string[encoder.EmbedDims.Length];
        string x = picture;
        for (int i = 0; i < outputs.Length; i++)
        {
            string embed = $"{prefix}patch_embed{i + 1}";
            x = i == 0 ? Stem($"{embed}.proj", x) : graph.Convolve(Folded($"{embed}.proj", $"{embed}.norm"), x, stride: 2);
            for (int block = 0; block < encoder.Depths[i]; block++)
            {
                x = Block($"{prefix}block{i + 1}.{block}", x);
            }

            x = outputs[i] = graph.LayerNorm(tensors, $"{prefix}norm{i + 1}", x);
        }

        return outputs;
    }

    private string Stem(string name, string x)
    {
        x = graph.Convolve(Folded($"{name}.0", $"{name}.1"), x, stride: 2);
        x = graph.Gelu($"{name}.2", x);
        return graph.Convolve(Folded($"{name}.3", $"{name}.4"), x, stride: 2);
    }

    private FoldedConvolution Folded(string convolution, string norm)
    {
        AffineNorm affine = new(tensors, norm);
        return new FoldedConvolution(tensors, convolution).Then(affine.Scale, affine.Shift);
    }

    private string Block(string name, string x) => FeedForward(name, Attention(name, x));

    /// <summary>
    /// x + ls₁ · (proj_2(MSCA(GELU(proj_1(n)))) + n) with n = s · x + t, the norm: its affine goes into proj_1, and of the
    /// shortcuts (1 + ls₁ · s) · x stays, while ls₁ · t goes into the bias of proj_2.
    /// </summary>
    private string Attention(string name, string x)
    {
        string attention = $"{name}.attn", gate = $"{attention}.spatial_gating_unit";
        AffineNorm norm = new(tensors, $"{name}.norm1");
        double[] scale = LayerScale($"{name}.layer_scale_1");
        string u = graph.Convolve(new FoldedConvolution(tensors, $"{attention}.proj_1").After(norm), x);
        u = graph.Gelu($"{attention}.activation", u);

        string local = graph.Convolve(new FoldedConvolution(tensors, $"{gate}.conv0"), u);
        string sum = local;
        for (int i = 0; i < 3; i++)
        {
            string row = graph.Convolve(new FoldedConvolution(tensors, $"{gate}.conv{i}_1"), local);
            string column = graph.Convolve(new FoldedConvolution(tensors, $"{gate}.conv{i}_2"), row);
            sum = graph.Add($"{gate}.sum{i}", "Add", [sum, column]);
        }

        string mixed = graph.Convolve(new FoldedConvolution(tensors, $"{gate}.conv3"), sum);
        string gated = graph.Add($"{gate}.gate", "Mul", [mixed, u]);
        string projected = graph.Convolve(new FoldedConvolution(tensors, $"{attention}.proj_2").Then(scale, added: norm.Shift), gated);

        float[] kept = [.. scale.Zip(norm.Scale, (ls, s) => (float)(1 + (ls * s)))];
        string shortcut = graph.Add($"{attention}.shortcut", "Mul", [x, graph.Floats($"{attention}.shortcut.scale", kept, 1, kept.Length, 1, 1)]);
        return graph.Add(attention, "Add", [shortcut, projected]);
    }

    /// <summary>x + ls₂ · fc2(GELU(DWConv(fc1(norm(x))))).</summary>
    private string FeedForward(string name, string x)
    {
        string mlp = $"{name}.mlp";
        FoldedConvolution expand = new FoldedConvolution(tensors, $"{mlp}.fc1").After(new AffineNorm(tensors, $"{name}.norm2"));
        string h = graph.Convolve(expand, x);
        h = graph.Convolve(new FoldedConvolution(tensors, $"{mlp}.dwconv.dwconv"), h);
        h = graph.Gelu($"{mlp}.act", h);
        h = graph.Convolve(new FoldedConvolution(tensors, $"{mlp}.fc2").Then(LayerScale($"{name}.layer_scale_2")), h);
        return graph.Add(name, "Add", [x, h]);
    }

    private double[] LayerScale(string name) => Array.ConvertAll(tensors.Read(name), value => (double)value);
}
