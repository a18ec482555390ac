namespace SegNeXt.Data;

/// <summary>What is known of one sample.</summary>
/// <param name="Split">The split it is in.</param>
/// <param name="Listed">Its files.</param>
/// <param name="Image">Its picture; null where there is none or its format is not read by its extension.</param>
/// <param name="Label">Its label likewise.</param>
internal sealed record SampleFacts(string Split, ListedSample Listed, ImageFacts? Image, LabelFacts? Label)
{
    /// <summary>Whether picture and label could both be read.</summary>
    public bool IsWhole => Image is { Fault: null } && Label is { Fault: null };
}
