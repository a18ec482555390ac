namespace SegNeXt.Torch;

/// <summary>How <see cref="Functional.Interpolate"/> computes a value between pixels; the numbers are the ABI's.</summary>
public enum InterpolationMode
{
    /// <summary>The nearest pixel, by PyTorch's "nearest" rule (index = floor(i · in / out)).</summary>
    Nearest = 0,

    /// <summary>Linear in both directions.</summary>
    Bilinear = 1,

    /// <summary>Cubic in both directions.</summary>
    Bicubic = 2,
}

/// <summary>What a loss does with its elements; the numbers are libtorch's.</summary>
public enum Reduction
{
    /// <summary>Leaves them.</summary>
    None = 0,

    /// <summary>Takes their mean.</summary>
    Mean = 1,

    /// <summary>Takes their sum.</summary>
    Sum = 2,
}

/// <summary>What <see cref="Functional.Pad"/> puts around a tensor; the numbers are the ABI's.</summary>
public enum PaddingMode
{
    /// <summary>One value.</summary>
    Constant = 0,

    /// <summary>The mirror image, without the border itself.</summary>
    Reflect = 1,

    /// <summary>The border's value.</summary>
    Replicate = 2,
}
