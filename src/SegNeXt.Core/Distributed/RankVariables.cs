using System.Globalization;
using System.Net;

namespace SegNeXt.Core;

/// <summary>A whole number and the environment variable that gave it, so that a complaint can name both.</summary>
/// <param name="Name">The variable's name.</param>
/// <param name="Number">Its value.</param>
internal readonly record struct RankValue(string Name, int Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}={Number}";
}

/// <summary>Launchers' environment variables, read strictly: a number is digits, an empty variable is none.</summary>
/// <param name="read">The value of a variable, null or empty where it is not set.</param>
internal sealed class RankVariables(Func<string, string?> read)
{
    /// <summary>Derived ports lie below the range from which Linux takes ports for outgoing connections (32768 up).</summary>
    private const int FirstDerivedPort = 15000;

    private const int DerivedPorts = 14000;

    /// <summary>Whether a variable is set, to something.</summary>
    public bool Has(string name) => Text(name) is not null;

    /// <summary>A variable's text, null where it is not set or empty.</summary>
    public string? Text(string name) => read(name) is { Length: > 0 } text ? text : null;

    /// <summary>The first of several variables that is set, null where none is.</summary>
    public string? First(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Has(name))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>A number that has to be there.</summary>
    /// <exception cref="InputException">It is not set, no number, or less than the minimum.</exception>
    public RankValue AtLeast(string name, int minimum)
    {
        string text = Text(name) ?? throw new InputException($"{name} is not set, though other variables of the same launcher are; set it, or unset those.");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= minimum
            ? new RankValue(name, number)
            : throw new InputException($"{name} is {Shown(text)}, but has to be a whole number of at least {minimum}.");
    }

    /// <summary>The host of rank 0 as <c>MASTER_ADDR</c> names it, null where it does not.</summary>
    /// <exception cref="InputException">It is no host name and no address.</exception>
    public string? MasterAddress()
    {
        string? text = Text("MASTER_ADDR");
        return text is null || Uri.CheckHostName(text) != UriHostNameType.Unknown
            ? text
            : throw new InputException($"MASTER_ADDR is {Shown(text)}, but has to be the name or address of rank 0's host, without a port (that is MASTER_PORT).");
    }

    /// <summary>The port of rank 0 as <c>MASTER_PORT</c> names it, null where it does not.</summary>
    /// <exception cref="InputException">It is no port.</exception>
    public int? MasterPort()
    {
        string? text = Text("MASTER_PORT");
        return text is null
            ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= IPEndPoint.MaxPort
            ? port
            : throw new InputException($"MASTER_PORT is {Shown(text)}, but has to be a port from 1 to {IPEndPoint.MaxPort}.");
    }

    /// <summary>Whether a host name or address means the host itself: then all processes are on one host.</summary>
    public static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>A port that every process of one job works out alike, and another job on the same host most likely not.</summary>
    /// <param name="job">What names the job: the same text in all of its processes.</param>
    public static int DerivedPort(string job)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        uint hash = 2166136261;
        foreach (char c in job)
        {
            hash = (hash ^ c) * 16777619;
        }

        return FirstDerivedPort + (int)(hash % DerivedPorts);
    }

    private static string Shown(string text) => $"'{(text.Length > 60 ? text[..60] + "…" : text)}'";
}
