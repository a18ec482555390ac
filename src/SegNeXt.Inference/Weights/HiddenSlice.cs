using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>A slice of the feed-forward part's hidden channels: in, depth-wise 3×3, and back.</summary>
internal sealed record HiddenSlice(PackedMatrix Expand, DepthWiseTaps DepthWise, PackedMatrix Reduce) : IDisposable
{
    public int Channels => DepthWise.Channels;

    public void Dispose()
    {
        Expand.Dispose();
        DepthWise.Dispose();
        Reduce.Dispose();
    }
}
