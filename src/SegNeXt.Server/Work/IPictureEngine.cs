using SegNeXt.Core;

namespace SegNeXt.Server;

/// <summary>A network as the server needs it.</summary>
internal interface IPictureEngine
{
    /// <summary>What the model is.</summary>
    ModelConfig Config { get; }

    /// <summary>Refuses a picture that the machine's memory has no room for.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="test">How it is to go through the network.</param>
    /// <exception cref="ProblemException">There is too little.</exception>
    void Require(int width, int height, TestOptions test);

    /// <summary>Segments a picture with all threads; one call at a time.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="test">How it goes through the network.</param>
    /// <param name="cancellation">Ends the work within milliseconds to tens of milliseconds.</param>
    /// <returns>Class ids at the picture's size.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    LabelMap Segment(RgbImage image, TestOptions test, CancellationToken cancellation);
}
