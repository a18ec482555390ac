using System.Globalization;

namespace SegNeXt.Core;

/// <summary>
/// Slurm's variables in a process that <c>srun</c> started: <c>SLURM_PROCID</c> of <c>SLURM_STEP_NUM_TASKS</c> (or
/// <c>SLURM_NTASKS</c>), <c>SLURM_LOCALID</c>, and the step's hosts.
/// </summary>
internal static class SlurmRanks
{
    /// <summary>What a place read from these variables calls its source.</summary>
    public const string Source = "Slurm";

    private const string RankName = "SLURM_PROCID";
    private const string StepName = "SLURM_STEP_ID";
    private const string StepSizeName = "SLURM_STEP_NUM_TASKS";

    /// <summary>Step ids from here up are Slurm's own: the batch script, the interactive shell, and the like.</summary>
    private const uint FirstReservedStep = 0xFFFF_FFF0;

    /// <summary>
    /// Whether <c>srun</c> started this process as a task of a step. A batch script's shell has
    /// <c>SLURM_PROCID</c> 0 and the whole job's <c>SLURM_NTASKS</c> too, but nobody started tasks 1 and up.
    /// </summary>
    public static bool IsPresent(RankVariables variables) =>
        variables.Has(RankName) && variables.First(StepName, StepSizeName) is not null && !IsReservedStep(variables);

    /// <summary>What to say in a job of several tasks outside any step; null where there is no such job.</summary>
    public static string? Advice(RankVariables variables)
    {
        const string name = "SLURM_NTASKS";
        return int.TryParse(variables.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out int tasks) && tasks > 1
            ? $"this Slurm job has {tasks} tasks, but this process was not started by srun, so it works alone; srun segnext … starts one process per task."
            : null;
    }

    /// <summary>Reads the place.</summary>
    /// <exception cref="InputException">A variable is malformed, missing, or contradicts another.</exception>
    public static RankEnvironment Read(RankVariables variables)
    {
        RankValue rank = variables.AtLeast(RankName, 0);
        RankValue world = variables.AtLeast(variables.First(StepSizeName, "SLURM_NTASKS", "SLURM_NPROCS") ?? "SLURM_NTASKS", 1);
        RankValue localRank = variables.AtLeast("SLURM_LOCALID", 0);
        RankValue localWorld = LocalWorld(variables, world, localRank);
        string address = variables.MasterAddress()
            ?? (localWorld.Number == world.Number ? RankEnvironment.Loopback : null)
            ?? FirstHost(variables)
            ?? throw new InputException("neither SLURM_STEP_NODELIST nor MASTER_ADDR is set, so the host of rank 0 is unknown; set MASTER_ADDR.");

        string? job = variables.First("SLURM_JOB_ID", "SLURM_JOBID");
        int port = variables.MasterPort()
            ?? (job is null ? RankEnvironment.DefaultPort : RankVariables.DerivedPort($"{variables.Text(job)}.{variables.Text(StepName)}"));
        return RankEnvironment.Checked(rank, world, localRank, localWorld, address, port, Source);
    }

    /// <summary>The first host of the step, or of the job; null where Slurm names none.</summary>
    /// <exception cref="InputException">The list is malformed.</exception>
    public static string? FirstHost(RankVariables variables) =>
        variables.First("SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST", "SLURM_NODELIST") is { } name
            ? SlurmLists.FirstHost(name, variables.Text(name)!)
            : null;

    private static bool IsReservedStep(RankVariables variables) =>
        uint.TryParse(variables.Text(StepName), NumberStyles.None, CultureInfo.InvariantCulture, out uint step) && step >= FirstReservedStep;

    /// <summary>The tasks on this host: the step's own list before the job's, which another srun may have been asked with.</summary>
    private static RankValue LocalWorld(RankVariables variables, RankValue world, RankValue localRank)
    {
        if (variables.First("SLURM_STEP_TASKS_PER_NODE", "SLURM_TASKS_PER_NODE") is { } name)
        {
            int node = variables.Has("SLURM_NODEID") ? variables.AtLeast("SLURM_NODEID", 0).Number : 0;
            return new RankValue(name, SlurmLists.TasksOfNode(name, variables.Text(name)!, node));
        }

        const string perNode = "SLURM_NTASKS_PER_NODE";
        return variables.Has(perNode) ? new RankValue(perNode, Math.Min(variables.AtLeast(perNode, 1).Number, world.Number))
            // Nothing said: one host, unless the numbers on the host show otherwise.
            : variables.First("SLURM_STEP_NUM_NODES", "SLURM_JOB_NUM_NODES", "SLURM_NNODES") is { } nodes && variables.AtLeast(nodes, 1).Number > 1
            ? new RankValue(nodes, Math.Max(localRank.Number + 1, world.Number / variables.AtLeast(nodes, 1).Number))
            : world;
    }
}
