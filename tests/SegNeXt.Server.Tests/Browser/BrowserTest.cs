namespace SegNeXt.Server.Tests;

/// <summary>The collection of the tests that share a browser.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTest : ICollectionFixture<Chromium>
{
    /// <summary>Its name.</summary>
    public const string Name = "browser";
}
