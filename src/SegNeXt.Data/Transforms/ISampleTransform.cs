namespace SegNeXt.Data;

/// <summary>One step of augmentation over picture and labels together.</summary>
public interface ISampleTransform
{
    /// <summary>Makes a new sample, or returns the given one where there is nothing to do; the given one is not changed.</summary>
    /// <param name="sample">Picture and labels of one size.</param>
    /// <param name="random">Where the step draws its parameters from; always the same number of draws for the same outcome.</param>
    Sample Apply(Sample sample, ref SampleRandom random);
}
