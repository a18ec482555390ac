using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <summary>A native tensor handle; the finalizer is a net for what no scope or owner disposed.</summary>
internal sealed class TensorHandle : SafeHandle
{
    /// <summary>Made by the marshaller, which then stores the native pointer.</summary>
    public TensorHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <summary>Takes ownership of a native pointer.</summary>
    internal TensorHandle(nint value)
        : base(0, ownsHandle: true) => SetHandle(value);

    /// <summary>The null handle, which stands for "none" in optional inputs.</summary>
    internal static TensorHandle None { get; } = new();

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Gives the native pointer away: whoever gets it frees it.</summary>
    internal nint Surrender()
    {
        nint pointer = handle;
        SetHandleAsInvalid();
        return pointer;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Native.FreeTensor(handle) == 0;
}

/// <summary>A native generator handle.</summary>
internal sealed class GeneratorHandle : SafeHandle
{
    /// <summary>Made by the marshaller, which then stores the native pointer.</summary>
    public GeneratorHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Native.FreeGenerator(handle) == 0;
}
