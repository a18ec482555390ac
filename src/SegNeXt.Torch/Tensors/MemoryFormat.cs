namespace SegNeXt.Torch;

/// <summary>Order of a tensor's elements in memory; the numbers are libtorch's.</summary>
public enum MemoryFormat
{
    /// <summary>Row-major: the last dimension is adjacent ([N, C, H, W] stored as N, C, H, W).</summary>
    Contiguous = 0,

    /// <summary>As the source has it.</summary>
    Preserve = 1,

    /// <summary>Channels adjacent: [N, C, H, W] stored as N, H, W, C.</summary>
    ChannelsLast = 2,
}
