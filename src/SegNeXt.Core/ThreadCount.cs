namespace SegNeXt.Core;

/// <summary>How many CPU threads an engine uses.</summary>
public static class ThreadCount
{
    /// <summary>More only wait for each other: a picture then takes minutes, and very many use up the memory.</summary>
    private const int MaxPerCore = 16;

    /// <summary>The number of threads for what was asked for.</summary>
    /// <param name="asked">At least 1, or null for one per core.</param>
    /// <exception cref="InputException">It is far more than the machine has cores.</exception>
    public static int Resolve(int? asked)
    {
        int cores = Environment.ProcessorCount;
        return asked > MaxPerCore * cores
            ? throw new InputException($"{asked} threads were asked for, but this machine has {cores} cores; one per core is best, and {MaxPerCore} the most.")
            : asked ?? cores;
    }
}
