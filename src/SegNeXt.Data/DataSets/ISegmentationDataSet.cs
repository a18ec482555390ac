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

    /// <summary>Reads a sample's labels alone; the picture is not touched, and its size not compared.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <returns>Every label is a class id or 255.</returns>
    /// <exception cref="InputException">The file is missing or damaged, or a label is no class; the message names file and fault.</exception>
    LabelMap LoadLabel(int index) => Load(index).Label;

    /// <summary>Reads a sample's picture alone; the labels are not touched, and their size not compared.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <param name="reduction">
    /// 1, or 2, 4 or 8 for a picture that may come at that part of its size, rounded up, where its format makes that
    /// cheaper (<see cref="ImageReadOptions.Reduction"/>).
    /// </param>
    /// <exception cref="InputException">The file is missing or damaged; the message names file and fault.</exception>
    RgbImage LoadImage(int index, int reduction = 1) => Load(index).Image;

    /// <summary>How the values in a sample's label file become class ids.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    LabelMapping Mapping(int index) => LabelMapping.Ids(Classes.Count);
}
