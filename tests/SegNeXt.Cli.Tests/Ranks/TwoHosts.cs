using System.ComponentModel;
using System.Globalization;

namespace SegNeXt.Cli.Tests;

/// <summary>
/// Two network namespaces with a cable between them: to a process in one, the other is another host, and neither sees
/// this machine's own network. Making them takes root and CAP_NET_ADMIN.
/// </summary>
internal sealed class TwoHosts : IDisposable
{
    private const string Prefix = "segnext-test-";

    private readonly string[] _names = [$"{Prefix}{Environment.ProcessId}-0", $"{Prefix}{Environment.ProcessId}-1"];

    private TwoHosts()
    {
    }

    /// <summary>Makes them; skips the test where that is not possible.</summary>
    public static TwoHosts Require()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "skipped: there are no network namespaces");
        TwoHosts hosts = new();
        try
        {
            RemoveForgotten();
            string? fault = hosts.Make();
            Skip.If(fault is not null, $"skipped: network namespaces cannot be made here ({fault}); that takes root and CAP_NET_ADMIN");
        }
        catch (Win32Exception)
        {
            Skip.If(true, "skipped: no program ip; `apt install iproute2` brings it");
        }
        catch
        {
            hosts.Dispose();
            throw;
        }

        return hosts;
    }

    /// <summary>A host's address on the cable.</summary>
    public static string Address(int host) => string.Create(CultureInfo.InvariantCulture, $"198.18.77.{host + 1}");

    /// <summary>The words before a program's that run it on a host.</summary>
    public string[] Enter(int host) => ["ip", "netns", "exec", _names[host]];

    public void Dispose()
    {
        foreach (string name in _names)
        {
            Ip("netns", "delete", name);
        }
    }

    private string? Make()
    {
        string? fault = null;
        foreach (string line in (string[])
        [
            $"netns add {_names[0]}",
            $"netns add {_names[1]}",
            $"-n {_names[0]} link add cable type veth peer name cable netns {_names[1]}",
            $"-n {_names[0]} address add {Address(0)}/30 dev cable",
            $"-n {_names[1]} address add {Address(1)}/30 dev cable",
            $"-n {_names[0]} link set lo up",
            $"-n {_names[1]} link set lo up",
            $"-n {_names[0]} link set cable up",
            $"-n {_names[1]} link set cable up",
        ])
        {
            fault ??= Ip(line.Split(' '));
        }

        return fault;
    }

    /// <summary>Those of tests that were killed.</summary>
    private static void RemoveForgotten()
    {
        using StartedProgram list = StartedProgram.Run(["ip", "netns", "list"]);
        foreach (string name in list.End().Output.Split('\n').Select(line => line.Split(' ')[0]).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (int.TryParse(name[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out int owner) && !StartedProgram.Runs(owner))
            {
                Ip("netns", "delete", name);
            }
        }
    }

    /// <summary>Runs ip; what it complained of, or null.</summary>
    private static string? Ip(params string[] words)
    {
        using StartedProgram ip = StartedProgram.Run(["ip", .. words]);
        CommandRun run = ip.End();
        return run.Code == 0 ? null : run.Error.Trim().ReplaceLineEndings(" ");
    }
}
