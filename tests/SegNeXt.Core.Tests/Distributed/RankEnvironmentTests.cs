namespace SegNeXt.Core.Tests;

public class RankEnvironmentTests
{
    private const string OpenMpi = "OMPI_COMM_WORLD_RANK=3 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_RANK=1 OMPI_COMM_WORLD_LOCAL_SIZE=2";
    private const string Srun = "SLURM_PROCID=5 SLURM_NTASKS=8 SLURM_LOCALID=1 SLURM_JOB_ID=4711 SLURM_STEP_ID=0";

    [Fact]
    public void Detect_NoVariables_IsAlone() => Assert.Null(Detect(""));

    [Fact]
    public void Detect_Torchrun_TakesItsVariables() => Assert.Equal(
        new RankEnvironment(9, 16, 1, 8, "node-1.cluster", 1234, "torchrun"),
        Detect("RANK=9 WORLD_SIZE=16 LOCAL_RANK=1 LOCAL_WORLD_SIZE=8 MASTER_ADDR=node-1.cluster MASTER_PORT=1234"));

    [Fact]
    public void Detect_KubernetesPyTorchJob_IsAlonePerPod() => Assert.Equal(
        new RankEnvironment(3, 4, 0, 1, "train-master-0", 23456, "torchrun"),
        Detect("RANK=3 WORLD_SIZE=4 MASTER_ADDR=train-master-0 MASTER_PORT=23456 PET_NNODES=4"));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("::1")]
    public void Detect_LoopbackMasterWithoutLocalVariables_PutsAllOnThisHost(string address) => Assert.Equal(
        new RankEnvironment(2, 3, 2, 3, address, 29500, "torchrun"),
        Detect($"RANK=2 WORLD_SIZE=3 MASTER_ADDR={address}"));

    [Fact]
    public void Detect_OldTorchLaunchWithoutLocalWorldSize_CountsWhatItKnows() => Assert.Equal(
        new RankEnvironment(5, 8, 1, 2, "10.0.0.1", 1, "torchrun"),
        Detect("RANK=5 WORLD_SIZE=8 LOCAL_RANK=1 MASTER_ADDR=10.0.0.1 MASTER_PORT=1"));

    [Theory]
    [InlineData("RANK=0 WORLD_SIZE=1")]
    [InlineData("RANK=0 WORLD_SIZE=1 LOCAL_RANK=0 LOCAL_WORLD_SIZE=1 MASTER_ADDR=a MASTER_PORT=1")]
    [InlineData("WORLD_SIZE=1")]
    [InlineData("RANK= WORLD_SIZE=")]
    [InlineData("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_LOCAL_RANK=0 OMPI_COMM_WORLD_LOCAL_SIZE=1")]
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=1 SLURM_LOCALID=0 SLURM_STEP_ID=0")]
    public void Detect_OneProcess_IsAlone(string variables) => Assert.Null(Detect(variables));

    [Fact]
    public void Detect_OpenMpiOnOneHost_MeetsOnLoopbackAtThePortOfItsJob()
    {
        const string variables = "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_LOCAL_RANK=1 OMPI_COMM_WORLD_LOCAL_SIZE=2";
        Assert.Equal(new RankEnvironment(1, 2, 1, 2, "127.0.0.1", 29500, "Open MPI"), Detect(variables));

        RankEnvironment first = Detect($"{variables} PMIX_NAMESPACE=537460737")!;
        RankEnvironment second = Detect($"{variables} PMIX_NAMESPACE=537526273")!;
        Assert.NotEqual(first.MasterPort, second.MasterPort);
        Assert.InRange(first.MasterPort, 1024, 32767);
        Assert.Equal(first, Detect($"{variables} OMPI_MCA_ess_base_jobid=537460737"));
        Assert.Equal(77, Detect($"{variables} PMIX_NAMESPACE=537460737 MASTER_PORT=77")!.MasterPort);
    }

    [Fact]
    public void Detect_OpenMpiOnSeveralHosts_NeedsMasterAddress()
    {
        Assert.Equal(new RankEnvironment(3, 4, 1, 2, "10.1.2.3", 9999, "Open MPI"), Detect($"{OpenMpi} MASTER_ADDR=10.1.2.3 MASTER_PORT=9999"));
        Assert.Contains("-x MASTER_ADDR=", Complaint(OpenMpi), StringComparison.Ordinal);
    }

    [Fact]
    public void Detect_OpenMpiInSlurmJob_MeetsOnTheJobsFirstHost() => Assert.Equal(
        new RankEnvironment(3, 4, 1, 2, "n08", 5, "Open MPI"),
        Detect($"{OpenMpi} MASTER_PORT=5 SLURM_PROCID=0 SLURM_NTASKS=4 SLURM_JOB_NODELIST=n[08-09]"));

    [Theory]
    [InlineData("SLURM_NTASKS_PER_NODE=4 SLURM_STEP_NODELIST=gpu[01-02]", 4, "gpu01")]
    [InlineData("SLURM_NTASKS_PER_NODE=4 SLURM_JOB_NODELIST=gpu[3,7-9],x", 4, "gpu3")]
    [InlineData("SLURM_STEP_TASKS_PER_NODE=3,5 SLURM_NODEID=1 SLURM_NTASKS_PER_NODE=8 SLURM_STEP_NODELIST=a,b", 5, "a")]
    [InlineData("SLURM_TASKS_PER_NODE=2(x4) SLURM_NODEID=2 SLURM_STEP_NODELIST=rack[2-3]n[10-11]-ib", 2, "rack2n10-ib")]
    [InlineData("SLURM_JOB_NUM_NODES=2 SLURM_NODELIST=alpha", 4, "alpha")]
    [InlineData("SLURM_NTASKS_PER_NODE=4 SLURM_STEP_NODELIST=gpu[01-02] MASTER_ADDR=10.0.0.9", 4, "10.0.0.9")]
    public void Detect_Srun_FindsTheFirstHostAndItsShare(string variables, int local, string host)
    {
        RankEnvironment found = Detect($"{Srun} {variables}")!;
        Assert.Equal(new RankEnvironment(5, 8, 1, local, host, found.MasterPort, "Slurm"), found);
        Assert.InRange(found.MasterPort, 1024, 32767);
    }

    [Fact]
    public void Detect_SrunOnOneHost_MeetsOnLoopback() => Assert.Equal(
        "127.0.0.1", Detect("SLURM_PROCID=1 SLURM_NTASKS=2 SLURM_LOCALID=1 SLURM_STEP_ID=0 SLURM_STEP_NODELIST=alpha")!.MasterAddress);

    [Fact]
    public void Detect_TwoStepsOfOneJob_UseDifferentPorts()
    {
        const string job = "SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=2 SLURM_NTASKS=8 SLURM_LOCALID=1 SLURM_JOB_ID=4711";
        Assert.NotEqual(Detect($"{job} SLURM_STEP_ID=0")!.MasterPort, Detect($"{job} SLURM_STEP_ID=1")!.MasterPort);
        Assert.Equal(31, Detect($"{job} SLURM_STEP_ID=1 MASTER_PORT=31")!.MasterPort);
        Assert.Equal(2, Detect($"{job} SLURM_STEP_ID=1")!.WorldSize);
    }

    // What Slurm puts into the shell of a batch script, of salloc, and of salloc's interactive step.
    [Theory]
    [InlineData("SLURM_NTASKS=4 SLURM_PROCID=0 SLURM_LOCALID=0 SLURM_NODEID=0 SLURM_JOB_ID=1 SLURM_JOB_NODELIST=a[1-2]")]
    [InlineData("SLURM_NTASKS=4 SLURM_PROCID=0 SLURM_LOCALID=0 SLURM_JOB_ID=1 SLURM_STEP_ID=4294967291")]
    [InlineData("SLURM_NTASKS=4 SLURM_JOB_ID=1 SLURM_JOB_NODELIST=a[1-2]")]
    [InlineData("SLURM_NTASKS=4 SLURM_PROCID=0 SLURM_LOCALID=0 SLURM_STEP_ID=4294967290 SLURM_STEP_NUM_TASKS=1")]
    public void Detect_SlurmShellWithoutSrun_IsAloneAndSaysSo(string variables)
    {
        Assert.Null(Detect(variables));
        Assert.Contains("srun", RankEnvironment.Advice(Variables.Of(variables)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SLURM_NTASKS=1 SLURM_PROCID=0")]
    [InlineData(Srun)]
    [InlineData("SLURM_NTASKS=4 RANK=0 WORLD_SIZE=1")]
    [InlineData("SLURM_NTASKS=4 " + OpenMpi)]
    public void Advice_NothingAmiss_IsSilent(string variables) => Assert.Null(RankEnvironment.Advice(Variables.Of(variables)));

    [Fact]
    public void Detect_SeveralLaunchers_TheInnermostCounts()
    {
        string all = $"{Srun} SLURM_NTASKS_PER_NODE=4 SLURM_STEP_NODELIST=a {OpenMpi} MASTER_ADDR=m MASTER_PORT=6";
        Assert.Equal("Open MPI", Detect(all)!.Source);
        Assert.Equal("torchrun", Detect($"{all} RANK=0 WORLD_SIZE=2")!.Source);
    }

    [Theory]
    [InlineData("RANK=0", "WORLD_SIZE is not set")]
    [InlineData("WORLD_SIZE=2", "RANK is not set")]
    [InlineData("RANK=0 WORLD_SIZE=2", "MASTER_ADDR")]
    [InlineData("RANK=x WORLD_SIZE=2 MASTER_ADDR=a", "RANK is 'x'")]
    [InlineData("RANK=-1 WORLD_SIZE=2 MASTER_ADDR=a", "RANK is '-1'")]
    [InlineData("RANK=1.0 WORLD_SIZE=2 MASTER_ADDR=a", "RANK is '1.0'")]
    [InlineData("RANK=0 WORLD_SIZE=0 MASTER_ADDR=a", "WORLD_SIZE is '0'")]
    [InlineData("RANK=0 WORLD_SIZE=99999999999 MASTER_ADDR=a", "WORLD_SIZE is '99999999999'")]
    [InlineData("RANK=2 WORLD_SIZE=2 MASTER_ADDR=a", "RANK=2 contradicts WORLD_SIZE=2")]
    [InlineData("RANK=1 WORLD_SIZE=2 MASTER_ADDR=a LOCAL_RANK=2 LOCAL_WORLD_SIZE=2", "LOCAL_RANK=2 contradicts LOCAL_WORLD_SIZE=2")]
    [InlineData("RANK=1 WORLD_SIZE=2 MASTER_ADDR=a LOCAL_RANK=0 LOCAL_WORLD_SIZE=3", "LOCAL_WORLD_SIZE=3 contradicts WORLD_SIZE=2")]
    [InlineData("RANK=0 WORLD_SIZE=2 MASTER_ADDR=a LOCAL_RANK=1 LOCAL_WORLD_SIZE=2", "LOCAL_RANK=1 contradicts RANK=0")]
    [InlineData("RANK=1 WORLD_SIZE=2 MASTER_ADDR=a LOCAL_WORLD_SIZE=2", "LOCAL_RANK")]
    [InlineData("RANK=0 WORLD_SIZE=2 MASTER_ADDR=a:29500", "MASTER_ADDR is 'a:29500'")]
    [InlineData("RANK=0 WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=65536", "MASTER_PORT is '65536'")]
    [InlineData("RANK=0 WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=http", "MASTER_PORT is 'http'")]
    [InlineData("OMPI_COMM_WORLD_RANK=0", "OMPI_COMM_WORLD_SIZE")]
    [InlineData("OMPI_COMM_WORLD_SIZE=2", "OMPI_COMM_WORLD_RANK")]
    [InlineData(OpenMpi + " WORLD_SIZE=8 MASTER_ADDR=a", "WORLD_SIZE=8 contradicts Open MPI, which started 4")]
    [InlineData("SLURM_PROCID=0 SLURM_STEP_ID=0", "SLURM_NTASKS")]
    [InlineData("SLURM_PROCID=0 SLURM_STEP_ID=0 SLURM_NTASKS=2", "SLURM_LOCALID")]
    [InlineData("SLURM_PROCID=2 SLURM_STEP_ID=0 SLURM_NTASKS=2 SLURM_LOCALID=0", "SLURM_PROCID=2 contradicts SLURM_NTASKS=2")]
    [InlineData(Srun + " SLURM_NTASKS_PER_NODE=4", "SLURM_STEP_NODELIST")]
    [InlineData(Srun + " SLURM_NTASKS_PER_NODE=4 SLURM_STEP_NODELIST=n[1", "SLURM_STEP_NODELIST is 'n[1'")]
    [InlineData(Srun + " SLURM_NTASKS_PER_NODE=4 SLURM_STEP_NODELIST=n[]", "SLURM_STEP_NODELIST is 'n[]'")]
    [InlineData(Srun + " SLURM_NTASKS_PER_NODE=4 SLURM_STEP_NODELIST=,a", "SLURM_STEP_NODELIST is ',a'")]
    [InlineData(Srun + " SLURM_STEP_TASKS_PER_NODE=4(2) SLURM_STEP_NODELIST=a", "SLURM_STEP_TASKS_PER_NODE is '4(2)'")]
    [InlineData(Srun + " SLURM_STEP_TASKS_PER_NODE=4(x2) SLURM_NODEID=2 SLURM_STEP_NODELIST=a", "SLURM_NODEID 2")]
    [InlineData(Srun + " SLURM_STEP_TASKS_PER_NODE=7,1 SLURM_NODEID=1 SLURM_STEP_NODELIST=a", "SLURM_LOCALID=1 contradicts SLURM_STEP_TASKS_PER_NODE=1")]
    public void Detect_UnusableValues_NamesTheVariableInOneSentence(string variables, string expected)
    {
        string message = Complaint(variables);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static string Complaint(string variables) => Assert.Throws<InputException>(() => Detect(variables)).Message;

    private static RankEnvironment? Detect(string variables) => RankEnvironment.Detect(Variables.Of(variables));
}
