namespace SegNeXt.Core;

/// <summary>Reads a model's sizes off the shapes of its tensors.</summary>
internal sealed class ShapeReader(ITensorSource source, TensorNames names)
{
    private const int Stages = 4;
    private const int MaxSize = 1 << 20;

    /// <summary>The file, for messages.</summary>
    public string Path => source.Path;

    /// <summary>The encoder's family, channels, depths and expansion ratios; any, not only the paper's.</summary>
    /// <exception cref="InputException">A tensor that tells them is missing or has an impossible shape.</exception>
    public EncoderConfig Encoder()
    {
        bool isTransformer = Find($"{names.EncoderPrefix}block1.0.attn.kv.weight") is not null;
        int[] dims = new int[Stages];
        int[] depths = new int[Stages];
        int[] ratios = new int[Stages];
        for (int i = 0; i < Stages; i++)
        {
            string stage = $"{names.EncoderPrefix}block{i + 1}.";
            dims[i] = Size($"{names.EncoderPrefix}patch_embed{i + 1}.proj.{(i == 0 && !isTransformer ? "3." : "")}weight", 4, 0);
            depths[i] = Depth(stage);
            string expand = $"{stage}0.mlp.fc1.weight";
            int hidden = Size(expand, isTransformer ? 2 : 4, 0);
            ratios[i] = hidden % dims[i] == 0
                ? hidden / dims[i]
                : throw new InputException($"{source.Path}: tensor {MessageText.Quote(expand)} widens to {hidden} channels, which is no multiple of the stage's {dims[i]}.");
        }

        return isTransformer
            ? new MixTransformerConfig { EmbedDims = dims, Depths = depths, MlpRatios = ratios, SrRatios = [.. Enumerable.Range(1, Stages).Select(Reduction)] }
            : WithAttention(new MscanConfig { EmbedDims = dims, Depths = depths, MlpRatios = ratios });
    }

    /// <summary>The side of the window that makes the map smaller from which a stage takes keys and values; without one, 1.</summary>
    private int Reduction(int stage)
    {
        string name = $"{names.EncoderPrefix}block{stage}.0.attn.sr.weight";
        return Find(name) is null ? 1 : Size(name, 4, 2);
    }

    /// <summary>
    /// The kind of attention, as the first block's names tell. That MSCA multiplies its input with what it computes they do
    /// not tell; it is assumed.
    /// </summary>
    private MscanConfig WithAttention(MscanConfig encoder)
    {
        string gate = $"{names.EncoderPrefix}block1.0.attn.spatial_gating_unit.";
        if (Find(gate + "conv_spatial.weight") is not null)
        {
            return encoder with { Attention = MscanConfig.LargeKernel };
        }

        int[] branches = [.. MscanConfig.AllBranches.Where((_, i) => Find($"{gate}conv{i}_1.weight") is not null)];
        return branches.Length == 0 ? encoder : encoder with { Branches = branches, ChannelMixing = Find(gate + "conv3.weight") is not null };
    }

    /// <summary>Size of a tensor along one axis.</summary>
    /// <param name="name">Its name in the released code.</param>
    /// <param name="rank">How many axes it must have.</param>
    /// <param name="axis">Which one is asked for.</param>
    public int Size(string name, int rank, int axis)
    {
        TensorInfo tensor = Find(name) ?? throw new InputException(
            $"{source.Path} holds no SegNeXt or SegFormer: there is no tensor {MessageText.Quote(name)} among its {source.Tensors.Count}{(source.Tensors.Count > 0 ? $", which begin with {MessageText.Quote(source.Tensors[0].Name)}" : "")}.");
        return tensor.Shape.Length == rank && tensor.Shape[axis] is >= 1 and <= MaxSize
            ? (int)tensor.Shape[axis]
            : throw new InputException($"{source.Path}: tensor {MessageText.Quote(name)} has shape {MessageText.Shape(tensor.Shape)}; {rank} sizes of 1 to {MaxSize} were expected.");
    }

    /// <summary>The tensor of that name in the released code, or null.</summary>
    public TensorInfo? Find(string name) => names.Map.TryGetValue(name, out string? inFile) ? source.Find(inFile) : null;

    /// <summary>Number of blocks under a prefix such as <c>backbone.block1.</c>; they must be numbered from 0 without a gap.</summary>
    private int Depth(string stage)
    {
        HashSet<int> blocks = [];
        foreach (string name in names.Map.Keys.Where(name => name.StartsWith(stage, StringComparison.Ordinal)))
        {
            int end = name.IndexOf('.', stage.Length);
            if (end > 0 && int.TryParse(name.AsSpan(stage.Length, end - stage.Length), System.Globalization.NumberStyles.None, null, out int block))
            {
                blocks.Add(block);
            }
        }

        for (int i = 0; i < blocks.Count; i++)
        {
            if (!blocks.Contains(i))
            {
                throw new InputException($"{source.Path}: block {MessageText.Quote($"{stage}{i}")} is missing, though there are {blocks.Count} in its stage.");
            }
        }

        return blocks.Count > 0 ? blocks.Count : throw new InputException($"{source.Path} holds no SegNeXt or SegFormer: block {MessageText.Quote(stage + "0")} is missing.");
    }
}
