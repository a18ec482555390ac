using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>A picture and what it shows.</summary>
/// <param name="Image">The picture, 8-bit RGB.</param>
/// <param name="ClassIndex">Its class, 0 to the number of classes − 1.</param>
public readonly record struct ClassifiedImage(RgbImage Image, int ClassIndex);

/// <summary>Pictures of one class each, one split of a data set. Safe to use from many threads.</summary>
public interface IClassificationDataSet
{
    /// <summary>Names of the classes in the order of their indices; there may be thousands.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>Number of pictures.</summary>
    int Count { get; }

    /// <summary>What a picture is called; unique in the data set.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    string Name(int index);

    /// <summary>A picture's file.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    string Path(int index);

    /// <summary>A picture's class, without reading it.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    int ClassOf(int index);

    /// <summary>Reads a picture.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="InputException">The file is missing or damaged; the message names file and fault.</exception>
    ClassifiedImage Load(int index);
}
