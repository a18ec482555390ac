namespace SegNeXt.Core;

/// <summary>
/// The names of a weight file sorted into those of the model, under the released code's names, and those that are
/// left out.
/// </summary>
internal sealed class TensorNames
{
    private const string DepthwiseAlias = ".mlp.dwconv.";
    private const string Depthwise = ".mlp.dwconv.dwconv.";
    private const string ClassifierAlias = "head.fc.";
    private const string Classifier = "head.";
    private readonly Dictionary<string, string> _map = new(StringComparer.Ordinal);
    private readonly List<string> _skipped = [];

    private readonly bool _hasLinearClassifier;

    private TensorNames(ITensorSource source)
    {
        IsSegmenter = source.Tensors.Any(tensor => tensor.Name.StartsWith(ModelLayout.BackbonePrefix, StringComparison.Ordinal));
        _hasLinearClassifier = source.Find(ModelLayout.ClassifierPrefix(DecoderTypes.Mlp) + "weight") is not null;
    }

    /// <summary>Whether the encoder's names begin with <c>backbone.</c>, as a segmenter's do.</summary>
    public bool IsSegmenter { get; }

    /// <summary>Prefix of the encoder's names in <see cref="Map"/>.</summary>
    public string EncoderPrefix => IsSegmenter ? ModelLayout.BackbonePrefix : "";

    /// <summary>The released code's name of each tensor, and its name in the file.</summary>
    public IReadOnlyDictionary<string, string> Map => _map;

    /// <summary>Left out: <c>name (reason)</c>.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>Sorts a file's names.</summary>
    /// <exception cref="InputException">Two names of the file mean the same tensor.</exception>
    public static TensorNames Of(ITensorSource source)
    {
        TensorNames names = new(source);
        foreach (string name in source.Tensors.Select(tensor => tensor.Name))
        {
            if (names.ReasonToSkip(name) is { } reason)
            {
                names._skipped.Add($"{name} ({reason})");
            }
            else if (!names._map.TryAdd(names.Canonical(name), name))
            {
                throw new InputException($"{source.Path}: {MessageText.Quote(name)} and {MessageText.Quote(names._map[names.Canonical(name)])} are the same tensor under two names.");
            }
        }

        return names;
    }

    /// <summary>Whether a name without prefix is one of the encoder's: <c>patch_embed1…</c>, <c>block1…</c>, <c>norm1…</c>.</summary>
    public static bool IsEncoder(string name) =>
        name.StartsWith("patch_embed", StringComparison.Ordinal)
        || name.StartsWith("block", StringComparison.Ordinal)
        || (name.StartsWith("norm", StringComparison.Ordinal) && name.Length > 5 && char.IsAsciiDigit(name[4]) && name[5] == '.');

    private string? ReasonToSkip(string name)
    {
        if (!IsSegmenter)
        {
            return null;
        }

        return name.StartsWith("auxiliary_head.", StringComparison.Ordinal) ? "auxiliary head, used in training alone"
            : name.StartsWith("ema_", StringComparison.Ordinal) ? "moving average kept by the training program"
            : _hasLinearClassifier && name.StartsWith("decode_head.conv_seg.", StringComparison.Ordinal) ? "classifier that the released all-MLP decoder has and never uses"
            : name.StartsWith("decode_head.pam_conv_seg.", StringComparison.Ordinal) || name.StartsWith("decode_head.cam_conv_seg.", StringComparison.Ordinal) ? "auxiliary classifier, used in training alone"
            : name.StartsWith("backbone.head.", StringComparison.Ordinal) || name.StartsWith("head.", StringComparison.Ordinal) ? "classifier of the encoder's pre-training"
            : null;
    }

    private string Canonical(string name)
    {
        if (!IsSegmenter && name.StartsWith(ClassifierAlias, StringComparison.Ordinal))
        {
            return Classifier + name[ClassifierAlias.Length..];
        }

        // Later versions of MMSegmentation drop the inner module of the feed-forward part's depth-wise convolution.
        int alias = name.IndexOf(DepthwiseAlias, StringComparison.Ordinal);
        return alias < 0 || name.IndexOf(Depthwise, alias, StringComparison.Ordinal) == alias
            ? name
            : name[..alias] + Depthwise + name[(alias + DepthwiseAlias.Length)..];
    }
}
