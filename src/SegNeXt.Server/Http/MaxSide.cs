using SegNeXt.Core;

namespace SegNeXt.Server;

/// <summary>The longer side of the picture that the network sees, chosen by a request.</summary>
internal static class MaxSide
{
    /// <summary>The least that a request may ask for.</summary>
    public const int Least = 32;

    /// <summary>The most that a request may ask for.</summary>
    public const int Most = 16384;

    /// <summary>The way of a picture through the network.</summary>
    /// <param name="test">What the server does unless said otherwise.</param>
    /// <param name="width">The picture's columns.</param>
    /// <param name="height">The picture's rows.</param>
    /// <param name="side">What was asked for, or null. A picture is only ever made smaller.</param>
    public static TestOptions Apply(TestOptions test, int width, int height, int? side) => side switch
    {
        null => test,
        { } asked when Math.Max(width, height) > asked => test with { BoxWidth = asked, BoxHeight = asked },
        _ => test with { BoxWidth = 0, BoxHeight = 0 },
    };
}
