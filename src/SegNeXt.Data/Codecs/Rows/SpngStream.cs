using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace SegNeXt.Data;

/// <summary>Lets libspng read from, or write to, this program's streams; what they throw comes out of the call that led there.</summary>
internal sealed unsafe class SpngStream : IDisposable
{
    private readonly PngSource? _source;
    private readonly Stream? _target;
    private readonly GCHandle _self;
    private ExceptionDispatchInfo? _fault;

    private SpngStream(PngSource? source, Stream? target)
    {
        (_source, _target) = (source, target);
        _self = GCHandle.Alloc(this);
    }

    /// <summary>Decodes from a source.</summary>
    public static SpngStream Attach(SpngHandle context, PngSource source, out int status)
    {
        SpngStream stream = new(source, null);
        status = NativeSpng.SetPngStream(context, &Read, GCHandle.ToIntPtr(stream._self));
        return stream;
    }

    /// <summary>Encodes to a stream.</summary>
    public static SpngStream Attach(SpngHandle context, Stream target, out int status)
    {
        SpngStream stream = new(null, target);
        status = NativeSpng.SetPngStream(context, &Write, GCHandle.ToIntPtr(stream._self));
        return stream;
    }

    /// <summary>Throws what the stream threw during the last call, if it did.</summary>
    public void ThrowFault() => _fault?.Throw();

    public void Dispose() => _self.Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint context, nint user, byte* target, nuint length)
    {
        SpngStream stream = (SpngStream)GCHandle.FromIntPtr(user).Target!;
        return stream.Guard(() => stream._source!.Read(new Span<byte>(target, (int)length)));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint context, nint user, byte* source, nuint length)
    {
        SpngStream stream = (SpngStream)GCHandle.FromIntPtr(user).Target!;
        return stream.Guard(() => stream._target!.Write(new ReadOnlySpan<byte>(source, (int)length)));
    }

    // An exception must not travel through the library's own frames.
    private int Guard(Action action)
    {
        try
        {
            action();
            return 0;
        }
        catch (Exception error)
        {
            _fault = ExceptionDispatchInfo.Capture(error);
            return NativeSpng.StreamError;
        }
    }
}
