using SegNeXt.TestUtilities;

namespace SegNeXt.Server.Tests;

/// <summary>Tests that look at the process's memory.</summary>
[CollectionDefinition(ResidentMemory.Alone, DisableParallelization = true)]
public sealed class Alone;
