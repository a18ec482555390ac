using SegNeXt.Core;
using SegNeXt.Data;

namespace SegNeXt.Training;

/// <summary>A training sample and what augmentation makes of it.</summary>
/// <param name="Name">The sample's name in the data set.</param>
/// <param name="Position">Its place in the run's sequence of samples.</param>
/// <param name="Original">Picture and labels as they are on the disk.</param>
/// <param name="Draws">The first is the one that a run with this seed trains on at this place; the others are further draws.</param>
public sealed record PreviewSample(string Name, long Position, Sample Original, IReadOnlyList<PreviewDraw> Draws);

/// <summary>One draw of augmentation.</summary>
/// <param name="Image">What the network gets, with the normalisation undone; padding, which is 0 to the network, has the mean colour.</param>
/// <param name="Label">The labels, 255 in the padding.</param>
/// <param name="Drawn">What was drawn.</param>
public sealed record PreviewDraw(RgbImage Image, LabelMap Label, AugmentationDraw Drawn);
