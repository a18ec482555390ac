namespace SegNeXt.Core;

/// <summary>
/// This process's place among the processes that a launcher started together: torchrun (so also Kubernetes'
/// PyTorchJob and <c>segnext launch</c>), Open MPI's mpirun, or Slurm's srun, each known by its environment variables.
/// </summary>
/// <param name="Rank">This process's number, 0 to <paramref name="WorldSize"/> - 1; rank 0 writes files and speaks.</param>
/// <param name="WorldSize">How many processes there are on all hosts together, at least 2.</param>
/// <param name="LocalRank">The number among the processes of this host, from 0: which GPU of the host is this one's.</param>
/// <param name="LocalWorldSize">How many of the processes are on this host: what its cores are divided by.</param>
/// <param name="MasterAddress">Name or address of rank 0's host, where the others meet it.</param>
/// <param name="MasterPort">The TCP port there, 1 to 65535.</param>
/// <param name="Source">Whose variables said so, for messages: <c>torchrun</c>, <c>Open MPI</c> or <c>Slurm</c>.</param>
/// <remarks>
/// Where several launchers' variables are set, the innermost counts: torchrun's <c>RANK</c> before Open MPI's before
/// Slurm's, since torchrun and mpirun are themselves often started inside a Slurm job and never the other way round.
/// </remarks>
public sealed record RankEnvironment(
    int Rank, int WorldSize, int LocalRank, int LocalWorldSize, string MasterAddress, int MasterPort, string Source)
{
    /// <summary>The address of the processes' own host.</summary>
    public const string Loopback = "127.0.0.1";

    /// <summary>torchrun's port where none is named.</summary>
    internal const int DefaultPort = 29500;

    /// <summary>Whether this process is the one that writes files and speaks.</summary>
    public bool IsMain => Rank == 0;

    /// <summary>The place that this process's environment gives it.</summary>
    /// <returns>The place, or null when the process is alone.</returns>
    /// <exception cref="InputException">A variable is malformed, missing, or contradicts another.</exception>
    public static RankEnvironment? Detect() => Detect(Environment.GetEnvironmentVariable);

    /// <summary>The place that environment variables give a process.</summary>
    /// <param name="read">The value of a variable; null or empty where it is not set.</param>
    /// <returns>The place, or null when the process is alone: no launcher, or one that started a single process.</returns>
    /// <exception cref="InputException">A variable is malformed, missing, or contradicts another.</exception>
    public static RankEnvironment? Detect(Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        RankVariables variables = new(read);
        RankEnvironment? found = variables.Has("RANK") ? TorchrunRanks.Read(variables)
            : OpenMpiRanks.IsPresent(variables) ? OpenMpiRanks.Read(variables)
            : SlurmRanks.IsPresent(variables) ? SlurmRanks.Read(variables)
            : null;
        CheckStatedSize(variables, found);
        return found is { WorldSize: > 1 } ? found : null;
    }

    /// <summary>A remark for a user whose launcher reserved several tasks of which this process is none.</summary>
    /// <param name="read">The value of a variable; null or empty where it is not set.</param>
    /// <returns>
    /// One sentence when the process runs in the shell of a Slurm job of several tasks without <c>srun</c> (it is
    /// then alone, and waiting for the others would never end), else null.
    /// </returns>
    public static string? Advice(Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        RankVariables variables = new(read);
        return variables.Has("RANK") || OpenMpiRanks.IsPresent(variables) || SlurmRanks.IsPresent(variables)
            ? null
            : SlurmRanks.Advice(variables);
    }

    /// <summary>A place whose numbers fit each other.</summary>
    /// <param name="rank">The rank, and the variable it was read from.</param>
    /// <param name="world">The number of processes, and its variable.</param>
    /// <param name="localRank">The rank on this host, and its variable.</param>
    /// <param name="localWorld">The number of processes on this host, and its variable.</param>
    /// <param name="address">Rank 0's host.</param>
    /// <param name="port">Rank 0's port.</param>
    /// <param name="source">Whose variables these are.</param>
    internal static RankEnvironment Checked(
        RankValue rank, RankValue world, RankValue localRank, RankValue localWorld, string address, int port, string source)
    {
        RequireBelow(rank, world);
        RequireBelow(localRank, localWorld);
        return localWorld.Number > world.Number
            ? throw new InputException($"{localWorld} contradicts {world}: no host can run more of the processes than there are.")
            : localRank.Number > rank.Number
            ? throw new InputException($"{localRank} contradicts {rank}: a process's number on its host cannot exceed its number among all.")
            : new RankEnvironment(rank.Number, world.Number, localRank.Number, localWorld.Number, address, port, source);
    }

    private static void RequireBelow(RankValue value, RankValue limit)
    {
        if (value.Number >= limit.Number)
        {
            throw new InputException($"{value} contradicts {limit}: the first must be from 0 to {limit.Number - 1}.");
        }
    }

    /// <summary>WORLD_SIZE without RANK: fine beside a launcher that says the same, else somebody waits for this process.</summary>
    private static void CheckStatedSize(RankVariables variables, RankEnvironment? found)
    {
        if (variables.Has("RANK") || !variables.Has("WORLD_SIZE"))
        {
            return;
        }

        RankValue world = variables.AtLeast("WORLD_SIZE", 1);
        if (world.Number != (found?.WorldSize ?? 1))
        {
            throw new InputException(found is null
                ? $"{world}, but RANK is not set; set both, or neither for a process that is alone."
                : $"{world} contradicts {found.Source}, which started {found.WorldSize} processes; unset WORLD_SIZE.");
        }
    }
}
