using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace SegNeXt.Torch;

/// <summary>
/// Exceptions of managed callbacks on their way through native code, where they travel as numbers: libtorch may run the
/// callback on one thread and report its failure on another.
/// </summary>
internal static class CallbackErrors
{
    private static readonly ConcurrentDictionary<long, ExceptionDispatchInfo> s_held = new();
    private static long s_last;

    /// <summary>Keeps an exception.</summary>
    /// <returns>Its number, never 0.</returns>
    internal static long Hold(Exception error)
    {
        long number = Interlocked.Increment(ref s_last);
        s_held[number] = ExceptionDispatchInfo.Capture(error);
        return number;
    }

    /// <summary>Throws the exception that made this thread's last native call fail, with its own stack.</summary>
    internal static void Rethrow()
    {
        _ = Native.LastCallbackError(out long number);
        if (s_held.TryRemove(number, out ExceptionDispatchInfo? error))
        {
            error.Throw();
        }
    }
}
