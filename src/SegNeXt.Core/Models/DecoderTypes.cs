namespace SegNeXt.Core;

/// <summary>The kinds of decoder (<see cref="DecoderConfig.Type"/>) and the sizes that belong to a kind, not to a model.</summary>
public static class DecoderTypes
{
    /// <summary>The Hamburger: matrix decomposition (paper, Fig. 3 (c) and Table 5).</summary>
    public const string Ham = "ham";

    /// <summary>MSCA in the Hamburger's place (paper, appendix, Table 2).</summary>
    public const string Msca = "msca";

    /// <summary>Criss-cross attention in its place (Huang et al., CCNet, ICCV 2019; paper, Table 5).</summary>
    public const string CrissCross = "cc";

    /// <summary>Expectation-maximisation attention in its place (Li et al., EMANet, ICCV 2019; paper, Table 5).</summary>
    public const string Ema = "ema";

    /// <summary>Non-local attention in its place (Wang et al., CVPR 2018; paper, Table 5).</summary>
    public const string NonLocal = "nl";

    /// <summary>SegFormer's all-MLP decoder (Xie et al., NeurIPS 2021; paper, Fig. 3 (a)).</summary>
    public const string Mlp = "mlp";

    /// <summary>DeepLab's atrous spatial pyramid pooling (Chen et al., arXiv:1706.05587; paper, Fig. 3 (b)).</summary>
    public const string Aspp = "aspp";

    /// <summary>PSPNet's pyramid pooling (Zhao et al., CVPR 2017; paper, Fig. 3 (b)).</summary>
    public const string Psp = "psp";

    /// <summary>DANet's position and channel attention (Fu et al., CVPR 2019; paper, Fig. 3 (b)).</summary>
    public const string DualAttention = "da";

    /// <summary>Bases of <see cref="Ema"/> (EMANet, Section 3.5).</summary>
    public const int EmaBases = 64;

    /// <summary>Rounds of <see cref="Ema"/> (EMANet, Section 4).</summary>
    public const int EmaStages = 3;

    /// <summary>How often <see cref="CrissCross"/> is applied, with the same weights (CCNet, Section 3.3).</summary>
    public const int CrissCrossRecurrence = 2;

    /// <summary>Queries and keys of <see cref="CrissCross"/> have the channels divided by this (CCNet, Section 4.2).</summary>
    public const int CrissCrossReduction = 8;

    /// <summary>Queries, keys and values of <see cref="NonLocal"/> have the channels divided by this.</summary>
    public const int NonLocalReduction = 2;

    /// <summary>Channels of queries and keys of <see cref="DualAttention"/>'s position attention.</summary>
    public const int PositionChannels = 64;

    /// <summary>All kinds, the paper's own first.</summary>
    public static IReadOnlyList<string> All { get; } = [Ham, Msca, CrissCross, Ema, NonLocal, Mlp, Aspp, Psp, DualAttention];

    /// <summary>Rows and columns of the grids into which <see cref="Psp"/> pools (PSPNet, Section 3.2).</summary>
    public static IReadOnlyList<int> PyramidBins { get; } = [1, 2, 3, 6];

    /// <summary>Whether a decoder is squeeze, a module of global context, and align (paper, Fig. 3 (c)).</summary>
    /// <param name="type">The kind.</param>
    public static bool HasContext(string type) => type is Ham or Msca or CrissCross or Ema or NonLocal;

    /// <summary>
    /// Dilations of <see cref="Aspp"/>'s branches, the first of which is a 1×1 convolution: 6, 12 and 18 where the map has a
    /// sixteenth of the picture's size (DeepLabv3, Table 5), and so many pixels of the picture elsewhere.
    /// </summary>
    /// <param name="stage">The stage that is read, counted from 0.</param>
    public static IReadOnlyList<int> AtrousRates(int stage)
    {
        const int StrideOfPaper = 16;
        int stride = 4 << stage;
        return [1, 6 * StrideOfPaper / stride, 12 * StrideOfPaper / stride, 18 * StrideOfPaper / stride];
    }

    /// <summary>The stages that the paper lets a kind read, counted from 0: the last three, all four, or the last.</summary>
    /// <param name="type">The kind.</param>
    public static int[] DefaultStages(string type) => HasContext(type) ? [1, 2, 3] : type == Mlp ? [0, 1, 2, 3] : [3];
}
