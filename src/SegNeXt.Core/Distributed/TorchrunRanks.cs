namespace SegNeXt.Core;

/// <summary>
/// torchrun's variables: <c>RANK</c>, <c>WORLD_SIZE</c>, <c>LOCAL_RANK</c>, <c>LOCAL_WORLD_SIZE</c>,
/// <c>MASTER_ADDR</c>, <c>MASTER_PORT</c>. Kubernetes' PyTorchJob sets all but the local ones, with a process per pod.
/// </summary>
internal static class TorchrunRanks
{
    /// <summary>What a place read from these variables calls its source.</summary>
    public const string Source = "torchrun";

    /// <summary>Reads the place; <c>RANK</c> is set.</summary>
    /// <exception cref="InputException">A variable is malformed, missing, or contradicts another.</exception>
    public static RankEnvironment Read(RankVariables variables)
    {
        RankValue rank = variables.AtLeast("RANK", 0);
        RankValue world = variables.AtLeast("WORLD_SIZE", 1);
        string? address = variables.MasterAddress();
        if (address is null)
        {
            address = world.Number == 1
                ? RankEnvironment.Loopback
                : throw new InputException($"{world}, but MASTER_ADDR, the name or address of rank 0's host, is not set.");
        }

        bool oneHost = RankVariables.IsLoopback(address);
        RankValue localWorld = variables.Has("LOCAL_WORLD_SIZE") ? variables.AtLeast("LOCAL_WORLD_SIZE", 1)
            : oneHost ? world
            // Launchers older than LOCAL_WORLD_SIZE: at least as many as this process knows of.
            : variables.Has("LOCAL_RANK") ? new RankValue("LOCAL_WORLD_SIZE", variables.AtLeast("LOCAL_RANK", 0).Number + 1)
            : new RankValue("LOCAL_WORLD_SIZE", 1);
        RankValue localRank = variables.Has("LOCAL_RANK") ? variables.AtLeast("LOCAL_RANK", 0)
            : oneHost ? rank
            : localWorld.Number == 1 ? new RankValue("LOCAL_RANK", 0)
            : throw new InputException($"{localWorld}, but LOCAL_RANK, this process's number on its host, is not set.");
        return RankEnvironment.Checked(
            rank, world, localRank, localWorld, address, variables.MasterPort() ?? RankEnvironment.DefaultPort, Source);
    }
}
