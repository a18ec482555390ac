using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <summary>A native connection to a store.</summary>
internal sealed class StoreHandle : SafeHandle
{
    /// <summary>Made by the marshaller, which then stores the native pointer.</summary>
    public StoreHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Native.FreeStore(handle) == 0;
}

/// <summary>A native process group.</summary>
internal sealed class ProcessGroupHandle : SafeHandle
{
    /// <summary>Made by the marshaller, which then stores the native pointer.</summary>
    public ProcessGroupHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Native.FreeProcessGroup(handle) == 0;
}

/// <summary>A native operation under way.</summary>
internal sealed class WorkHandle : SafeHandle
{
    /// <summary>Made by the marshaller, which then stores the native pointer.</summary>
    public WorkHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Native.FreeWork(handle) == 0;
}

/// <summary>A native reducer of gradients.</summary>
internal sealed class ReducerHandle : SafeHandle
{
    /// <summary>Made by the marshaller, which then stores the native pointer.</summary>
    public ReducerHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Native.FreeReducer(handle) == 0;
}
