namespace SegNeXt.Data;

/// <summary>A file to make.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Data">What is in it.</param>
internal readonly record struct OutputFile(string Path, byte[] Data);

/// <summary>A PNG file that an input becomes.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Size">Its columns and rows where they are known beforehand.</param>
internal readonly record struct ExpectedPng(string Path, (int Width, int Height)? Size);

/// <summary>One input of a preparation.</summary>
/// <param name="Name">What it is called in lists.</param>
/// <param name="Expected">The files that it becomes; may look at the input's header.</param>
/// <param name="Make">Makes those files, one after the other.</param>
internal sealed record PrepareItem(string Name, Func<IEnumerable<ExpectedPng>> Expected, Func<IEnumerable<OutputFile>> Make)
{
    /// <summary>An input that becomes one file.</summary>
    public static PrepareItem Single(string name, string output, Func<(int Width, int Height)?> size, Func<byte[]> make) =>
        new(name, () => [new ExpectedPng(output, size())], () => Once(output, make));

    private static IEnumerable<OutputFile> Once(string output, Func<byte[]> make)
    {
        yield return new OutputFile(output, make());
    }
}
