using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace SegNeXt.Torch;

/// <summary>
/// What a native entry returns. The marshaller turns every failure into a <see cref="TorchException"/>, so that no
/// caller can forget to look.
/// </summary>
[NativeMarshalling(typeof(NativeStatusMarshaller))]
internal readonly struct NativeStatus;

/// <summary>The one place where a native status becomes an exception.</summary>
[CustomMarshaller(typeof(NativeStatus), MarshalMode.ManagedToUnmanagedOut, typeof(NativeStatusMarshaller))]
internal static class NativeStatusMarshaller
{
    // SEGNEXT_CALLBACK_ERROR of the header.
    private const int CallbackError = 3;

    /// <summary>Returns if the call succeeded, else throws with the thread's message.</summary>
    public static NativeStatus ConvertToManaged(int status)
    {
        if (status != 0)
        {
            Throw(status);
        }

        return default;
    }

    [DoesNotReturn]
    private static void Throw(int status)
    {
        if (status == CallbackError)
        {
            CallbackErrors.Rethrow();
        }

        string text = Marshal.PtrToStringUTF8(Native.LastError()) ?? string.Empty;
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        throw new TorchException(end < 0 ? text : text[..end]);
    }
}
