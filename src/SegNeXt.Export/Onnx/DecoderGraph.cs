using SegNeXt.Core;

namespace SegNeXt.Export;

/// <summary>
/// The Hamburger decoder (SegNeXt, arXiv:2209.08575, Section 3.2; <c>LightHamHead</c> of the released <c>ham_head.py</c>)
/// as ONNX nodes, in evaluation: dropout is gone, the NMF bases are a constant.
/// </summary>
internal sealed class DecoderGraph(GraphBuilder graph, ModelTensors tensors, OnnxOptions options)
{
    private const string Head = "decode_head";
    private const float NmfEpsilon = 1e-6f;

    /// <summary>Adds the decoder.</summary>
    /// <param name="stages">The outputs of the encoder's four stages.</param>
    /// <param name="output">Name of the logits.</param>
    /// <returns>The logits <c>[N, K, h, w]</c> at the resolution of the first stage that is read.</returns>
    public string Add(string[] stages, string output)
    {
        DecoderConfig decoder = tensors.Config.Decoder!;
        string x = graph.Convolve(new FoldedConvolution(tensors, $"{Head}.squeeze.conv"), Concatenate(stages, decoder.InputStages));

        // Squeeze, hamburger and align have maps of one size, and mostly of one depth.
        string shape = MapShape("hamburger", x, decoder.HamChannels);
        x = graph.Relu($"{Head}.squeeze.activate", graph.GroupNorm(tensors, $"{Head}.squeeze.gn", x, decoder.GroupNormGroups, shape));
        x = Hamburger(decoder, x, shape);
        x = graph.Convolve(new FoldedConvolution(tensors, $"{Head}.align.conv"), x);
        string alignShape = decoder.Channels == decoder.HamChannels ? shape : MapShape("align", x, decoder.Channels);
        x = graph.Relu($"{Head}.align.activate", graph.GroupNorm(tensors, $"{Head}.align.gn", x, decoder.GroupNormGroups, alignShape));
        return graph.Convolve(new FoldedConvolution(tensors, $"{Head}.conv_seg"), x, output: output);
    }

    /// <summary>Rows or columns of a stage for a picture of that many: each of its strides of 2 rounds up.</summary>
    public static int StageSide(int side, int stage) => (side + (1 << (stage + 2)) - 1) >> (stage + 2);

    /// <summary>The stages that are read, the later ones resized to the first.</summary>
    private string Concatenate(string[] stages, int[] read)
    {
        if (read.Length == 1)
        {
            return stages[read[0]];
        }

        string? sides = options.IsFixed ? null : graph.Add($"{Head}.sides", "Shape", [stages[read[0]]], [GraphBuilder.Integer("start", 2)]);
        string[] levels = [.. read.Select((stage, i) => i == 0 ? stages[stage] : graph.Resize($"{Head}.resize{stage + 1}", stages[stage], Sizes(stage)))];
        return graph.Add($"{Head}.concat", "Concat", levels, [GraphBuilder.Integer("axis", 1)]);

        string Sizes(int stage)
        {
            string name = $"{Head}.resize{stage + 1}.sizes";
            if (sides is null)
            {
                return graph.Integers(name, 1, tensors.Config.Encoder.EmbedDims[stage], StageSide(options.Height!.Value, read[0]), StageSide(options.Width!.Value, read[0]));
            }

            string own = graph.Add($"{name}/own", "Shape", [stages[stage]], [GraphBuilder.Integer("start", 0), GraphBuilder.Integer("end", 2)]);
            return graph.Add(name, "Concat", [own, sides], [GraphBuilder.Integer("axis", 0)]);
        }
    }

    private string MapShape(string name, string map, int channels)
    {
        int first = tensors.Config.Decoder!.InputStages[0];
        return options.IsFixed
            ? graph.Integers($"{Head}.{name}.shape", 1, channels, StageSide(options.Height!.Value, first), StageSide(options.Width!.Value, first))
            : graph.Add($"{Head}.{name}.shape", "Shape", [map]);
    }

    /// <summary>ReLU(x + ham_out(NMF(ReLU(ham_in(x))))).</summary>
    private string Hamburger(DecoderConfig decoder, string x, string shape)
    {
        const string Ham = $"{Head}.hamburger";
        string y = graph.Relu($"{Ham}.ham_in.activate", graph.Convolve(new FoldedConvolution(tensors, $"{Ham}.ham_in.conv"), x));
        y = Factorise(decoder, $"{Ham}.ham", y, shape);
        y = graph.Convolve(new FoldedConvolution(tensors, $"{Ham}.ham_out.conv"), y);
        y = graph.GroupNorm(tensors, $"{Ham}.ham_out.gn", y, decoder.GroupNormGroups, shape);
        return graph.Relu(Ham, graph.Add($"{Ham}.add", "Add", [x, y]));
    }

    /// <summary>
    /// X ≈ B·Cᵀ by multiplicative updates, X <c>[N, D, P]</c>, B <c>[N, D, R]</c>, C <c>[N, P, R]</c>: C = softmax(XᵀB), rounds
    /// of <c>C ← C ⊙ XᵀB / (C·BᵀB + ε)</c> and <c>B ← B ⊙ XC / (B·CᵀC + ε)</c>, and C once more.
    /// </summary>
    private string Factorise(DecoderConfig decoder, string name, string map, string shape)
    {
        int d = decoder.HamChannels, r = decoder.NmfRank;
        float[] initial = tensors.Has(ModelLayout.BasesName) ? tensors.Read(ModelLayout.BasesName) : NmfBases.Default(d, r);
        string x = graph.Add($"{name}.x", "Reshape", [map, graph.Integers($"{name}.x.shape", 0, d, -1)]);
        string xt = Transpose($"{name}.xt", x);
        string bases = graph.Floats(ModelLayout.BasesName, initial, 1, d, r);
        string coefficients = graph.Add($"{name}.start", "Softmax", [Product($"{name}.start/MatMul", xt, bases)], [GraphBuilder.Integer("axis", -1)]);
        for (int round = 1; round <= decoder.NmfEvalSteps; round++)
        {
            coefficients = Update($"{name}.round{round}.coefficients", coefficients, xt, bases);
            bases = Update($"{name}.round{round}.bases", bases, x, coefficients);
        }

        coefficients = Update($"{name}.last.coefficients", coefficients, xt, bases);
        string product = Product($"{name}.product", bases, Transpose($"{name}.last.transposed", coefficients));
        return graph.Add(name, "Reshape", [product, shape]);
    }

    /// <summary>One factor renewed from the other: factor ⊙ (data · other) / (factor · (otherᵀ · other) + ε).</summary>
    private string Update(string name, string factor, string data, string other)
    {
        string numerator = Product($"{name}/numerator", data, other);
        string gram = Product($"{name}/gram", Transpose($"{name}/transposed", other), other);
        string denominator = graph.Add($"{name}/denominator", "Add", [Product($"{name}/product", factor, gram), graph.Scalar("nmf_epsilon", NmfEpsilon)]);
        return graph.Add(name, "Div", [graph.Add($"{name}/Mul", "Mul", [factor, numerator]), denominator]);
    }

    private string Product(string name, string a, string b) => graph.Add(name, "MatMul", [a, b]);

    private string Transpose(string name, string matrix) => graph.Add(name, "Transpose", [matrix], [GraphBuilder.IntegerList("perm", 0, 2, 1)]);
}
