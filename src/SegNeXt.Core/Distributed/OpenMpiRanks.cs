namespace SegNeXt.Core;

/// <summary>Open MPI's variables, which its mpirun gives every program: <c>OMPI_COMM_WORLD_RANK</c> and its kin.</summary>
internal static class OpenMpiRanks
{
    /// <summary>What a place read from these variables calls its source.</summary>
    public const string Source = "Open MPI";

    private const string RankName = "OMPI_COMM_WORLD_RANK";
    private const string SizeName = "OMPI_COMM_WORLD_SIZE";

    /// <summary>Whether mpirun started this process.</summary>
    public static bool IsPresent(RankVariables variables) => variables.First(RankName, SizeName) is not null;

    /// <summary>Reads the place.</summary>
    /// <exception cref="InputException">A variable is malformed, missing, or contradicts another; or several hosts, and no <c>MASTER_ADDR</c>.</exception>
    public static RankEnvironment Read(RankVariables variables)
    {
        RankValue rank = variables.AtLeast(RankName, 0);
        RankValue world = variables.AtLeast(SizeName, 1);
        RankValue localRank = variables.AtLeast("OMPI_COMM_WORLD_LOCAL_RANK", 0);
        RankValue localWorld = variables.AtLeast("OMPI_COMM_WORLD_LOCAL_SIZE", 1);
        string address = variables.MasterAddress()
            ?? (localWorld.Number == world.Number ? RankEnvironment.Loopback : null)
            // mpirun inside a Slurm job places rank 0 on the job's first host.
            ?? SlurmRanks.FirstHost(variables)
            ?? throw new InputException(
                "Open MPI started processes on several hosts but tells no process where rank 0 is; add -x MASTER_ADDR=HOST to mpirun, with the name or address of the first host.");

        // The name that all processes of one mpirun share: PMIx' (Open MPI 4 and later), else the older runtime's job id.
        string? job = variables.First("PMIX_NAMESPACE", "OMPI_MCA_ess_base_jobid");
        int port = variables.MasterPort()
            ?? (job is null ? RankEnvironment.DefaultPort : RankVariables.DerivedPort(variables.Text(job)!));
        return RankEnvironment.Checked(rank, world, localRank, localWorld, address, port, Source);
    }
}
