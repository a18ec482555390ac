namespace SegNeXt.Core.Tests;

public class ThreadCountTests
{
    private const string Torchrun = "RANK=1 WORLD_SIZE=8 LOCAL_RANK=1 LOCAL_WORLD_SIZE=4 MASTER_ADDR=a";
    private const string OpenMpi = "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_RANK=1 OMPI_COMM_WORLD_LOCAL_SIZE=4";
    private const string Srun = "SLURM_PROCID=1 SLURM_NTASKS=4 SLURM_LOCALID=1 SLURM_STEP_ID=0";

    [Theory]
    [InlineData("", 64, 64, 64)]
    [InlineData("RANK=0 WORLD_SIZE=1", 64, 64, 64)]
    [InlineData(Torchrun, 64, 64, 16)]
    [InlineData(Torchrun, 6, 64, 1)] // a container's cores, which all of its processes share
    [InlineData(Torchrun, 2, 2, 1)]
    [InlineData(OpenMpi, 64, 64, 16)] // --bind-to none
    [InlineData(OpenMpi, 1, 64, 1)] // --bind-to core
    [InlineData(OpenMpi, 32, 64, 16)] // --bind-to socket, two processes on each
    [InlineData(Srun, 64, 64, 16)]
    [InlineData(Srun, 8, 64, 8)]
    [InlineData(Srun + " SLURM_CPUS_PER_TASK=4", 64, 64, 4)]
    [InlineData(Srun + " SLURM_CPUS_PER_TASK=4", 2, 64, 2)]
    public void Share_OfTheHostsCores_IsTheProcessesOwn(string variables, int visible, int online, int expected) =>
        Assert.Equal(expected, ThreadCount.Share(Variables.Of(variables), visible, online));

    [Fact]
    public void Resolve_Asked_IsTaken() => Assert.Equal(3, ThreadCount.Resolve(3));

    [Fact]
    public void Resolve_FarTooMany_IsRefused() => Assert.Throws<InputException>(() => ThreadCount.Resolve(100_000));
}
