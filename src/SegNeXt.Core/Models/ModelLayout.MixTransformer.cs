namespace SegNeXt.Core;

/// <content>The Mix Transformer's tensors, as the classes of SegFormer's released <c>mix_transformer.py</c> register them.</content>
public static partial class ModelLayout
{
    /// <summary>Sides of the kernels of the four patch embeddings.</summary>
    internal static readonly int[] PatchSizes = [7, 3, 3, 3];

    private static void AddMixTransformer(List<TensorSpec> tensors, string prefix, MixTransformerConfig encoder)
    {
        int[] dims = encoder.EmbedDims;
        for (int stage = 0; stage < dims.Length; stage++)
        {
            string embed = $"{prefix}patch_embed{stage + 1}";
            AddConv(tensors, $"{embed}.proj", dims[stage], stage == 0 ? 3 : dims[stage - 1], PatchSizes[stage], PatchSizes[stage]);
            AddAffine(tensors, $"{embed}.norm", dims[stage]);
        }

        for (int stage = 0; stage < dims.Length; stage++)
        {
            for (int block = 0; block < encoder.Depths[stage]; block++)
            {
                AddTransformerBlock(tensors, $"{prefix}block{stage + 1}.{block}", dims[stage], dims[stage] * encoder.MlpRatios[stage], encoder.SrRatios[stage]);
            }

            AddAffine(tensors, $"{prefix}norm{stage + 1}", dims[stage]);
        }
    }

    private static void AddTransformerBlock(List<TensorSpec> tensors, string name, int dim, int hidden, int reduction)
    {
        AddAffine(tensors, $"{name}.norm1", dim);
        AddLinear(tensors, $"{name}.attn.q", dim, dim);
        AddLinear(tensors, $"{name}.attn.kv", 2 * dim, dim);
        AddLinear(tensors, $"{name}.attn.proj", dim, dim);
        if (reduction > 1)
        {
            AddConv(tensors, $"{name}.attn.sr", dim, dim, reduction, reduction);
            AddAffine(tensors, $"{name}.attn.norm", dim);
        }

        AddAffine(tensors, $"{name}.norm2", dim);
        AddLinear(tensors, $"{name}.mlp.fc1", hidden, dim);
        AddConv(tensors, $"{name}.mlp.dwconv.dwconv", hidden, 1, 3, 3);
        AddLinear(tensors, $"{name}.mlp.fc2", dim, hidden);
    }

    private static void AddLinear(List<TensorSpec> tensors, string name, int output, int input)
    {
        AddParameter(tensors, $"{name}.weight", output, input);
        AddParameter(tensors, $"{name}.bias", output);
    }
}
