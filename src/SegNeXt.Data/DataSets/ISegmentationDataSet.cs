using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Pictures with labels, one split of a data set. Safe to use from many threads.</summary>
public interface ISegmentationDataSet
{
    /// <summary>Names and colours of the classes.</summary>
    ClassSet Classes { get; }

    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>What a sample is called; unique in the data set.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    string Name(int index);

    /// <summary>The files of a sample.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    (string Image, string Label) Paths(int index);

    /// <summary>Reads a sample.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <returns>Picture and labels of one size; every label is a class id or 255.</returns>
    /// <exception cref="InputException">
    /// A file is missing or damaged, the sizes differ, or a label is no class; the message names file and fault.
    /// </exception>
    Sample Load(int index);
}
