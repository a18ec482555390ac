namespace SegNeXt.Data;

/// <summary>Looks for one kind of fault.</summary>
internal interface IDoctorCheck
{
    /// <summary>What it finds; nothing for sound data.</summary>
    IEnumerable<Finding> Run(DataSetFacts facts);
}
