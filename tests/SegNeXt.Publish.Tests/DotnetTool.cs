using System.Text.RegularExpressions;
using SegNeXt.TestUtilities;

namespace SegNeXt.Publish.Tests;

/// <summary>The SDK's <c>dotnet</c>, as a user calls it: without what a test's own build has put into the environment.</summary>
internal static partial class DotnetTool
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(9);

    /// <summary>Runs a command in the repository's folder; the test fails with its output where it does.</summary>
    /// <param name="line">The words after <c>dotnet</c>.</param>
    public static void Run(params string[] line) => RunIn(TestPaths.Repository, line);

    /// <summary>
    /// Runs a command; the test fails with its output where it does, and is skipped where the package source lacks a part of
    /// .NET itself that the command needs.
    /// </summary>
    /// <param name="folder">Where.</param>
    /// <param name="line">The words after <c>dotnet</c>.</param>
    public static void RunIn(string folder, params string[] line)
    {
        // No servers: they would outlive the test and hold its output open.
        ProgramRun run = ProgramRun.Of(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [.. line, "--disable-build-servers"], folder, AsAtAPrompt, limit: s_limit);
        if (run.Code != 0)
        {
            Match missing = MissingPack().Match(run.Said);
            Skip.If(missing.Success, $"skipped: the package source does not have {missing.Value}");
        }

        Assert.True(run.Code == 0, $"dotnet {string.Join(' ', line)}:\n{run.Said}");
    }

    private static void AsAtAPrompt(IDictionary<string, string?> environment)
    {
        foreach (string name in environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase) || name is "DOTNET_HOST_PATH").ToArray())
        {
            environment.Remove(name);
        }

        environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = environment["DOTNET_NOLOGO"] = "1";
    }

    // NU1100 to NU1103: no such package or version; NU1301: the source cannot be reached.
    [GeneratedRegex("(?<=NU1(10[0-3]|301)[^\n]*)(Microsoft\\.(NETCore|AspNetCore)\\.App\\.(Runtime|Crossgen2)|(runtime\\.[a-z0-9-]+\\.)?Microsoft\\.DotNet\\.ILCompiler|Microsoft\\.NET\\.ILLink)[A-Za-z0-9.-]*")]
    private static partial Regex MissingPack();
}
