using SegNeXt.Data;

namespace SegNeXt.Training.Tests;

public class DataSetTypeTests
{
    [Fact]
    public void DataSetType_Members_AreTheTypesOfTheDataSets() =>
        Assert.Equal(
            DataSets.Types.Order(StringComparer.Ordinal),
            Enum.GetNames<DataSetType>().Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal));
}
