using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Inference;
using SegNeXt.TestUtilities;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SegNeXt.Publish.Tests;

/// <summary>Tests that build something for users and use it as they do: one build at a time, in one folder.</summary>
[CollectionDefinition(Name)]
public sealed class PublishTest : ICollectionFixture<BuildFolder>
{
    /// <summary>The collection.</summary>
    public const string Name = "publish";

    /// <summary>The model that travels with the repository.</summary>
    internal static string Model { get; } = Path.Combine(TestPaths.Repository, "models", "segnext-t-camvid.safetensors");

    /// <summary>A street, and its class ids by the engine in this process.</summary>
    internal static (RgbImage Image, LabelMap Ids) Street()
    {
        RgbImage image = StreetScenes.Render(11, 240, 180).Image;
        using ManagedSegmenter segmenter = ManagedSegmenter.Open(Model);
        LabelMap ids = segmenter.Segment(image);
        Assert.True(ids.Ids.Distinct().Count() > 3, "The picture must have several classes, or equal ids would say little.");
        return (image, ids);
    }
}
