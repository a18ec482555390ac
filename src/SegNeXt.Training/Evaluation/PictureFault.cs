using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>What keeps one picture from being segmented, while the others may go on.</summary>
public static class PictureFault
{
    /// <summary>The sentence for an exception that concerns one picture alone.</summary>
    /// <param name="error">What the network or the test-time strategy threw.</param>
    /// <param name="picture">The picture's file.</param>
    /// <param name="remedy">What to do where memory is short.</param>
    /// <returns>An exception whose message names the picture; null where the fault is none of the picture's.</returns>
    public static InputException? Of(Exception error, string picture, string remedy = "try --mode slide") => error switch
    {
        InputException => new InputException($"{picture}: {error.Message}", error),
        OutOfMemoryException or TorchException { IsOutOfMemory: true } =>
            new InputException($"{picture}: there is not enough memory for this picture; {remedy}.", error),
        TorchException => new InputException($"{picture}: libtorch could not segment this picture: {error.Message.ReplaceLineEndings(" ")}", error),
        _ => null,
    };
}
