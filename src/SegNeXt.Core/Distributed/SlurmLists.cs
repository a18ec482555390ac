using System.Globalization;
using System.Text;

namespace SegNeXt.Core;

/// <summary>Slurm's compressed lists: hosts as <c>node[01-03,7],login</c>, counts as <c>2(x3),1</c>.</summary>
internal static class SlurmLists
{
    /// <summary>The first host of a list, e.g. <c>node01</c> of <c>node[01-03,7],login</c>.</summary>
    /// <param name="name">The variable, for errors.</param>
    /// <param name="list">The list; several brackets in one name are allowed.</param>
    /// <exception cref="InputException">No host can be read from it.</exception>
    public static string FirstHost(string name, string list)
    {
        StringBuilder host = new();
        for (int i = 0; i < list.Length && list[i] != ','; i++)
        {
            if (list[i] != '[')
            {
                host.Append(list[i]);
                continue;
            }

            int close = list.IndexOf(']', i);
            int end = close < 0 ? -1 : list.AsSpan(i, close - i).IndexOfAny(',', '-') is >= 0 and int at ? i + at : close;
            if (end <= i + 1)
            {
                throw Malformed(name, list);
            }

            host.Append(list, i + 1, end - i - 1);
            i = close;
        }

        string first = host.ToString();
        return Uri.CheckHostName(first) == UriHostNameType.Unknown ? throw Malformed(name, list) : first;
    }

    /// <summary>The count of one host in a list such as <c>4(x2),3</c>: 4, 4, 3.</summary>
    /// <param name="name">The variable, for errors.</param>
    /// <param name="list">The counts, with repetitions.</param>
    /// <param name="node">The host's number, from 0.</param>
    /// <exception cref="InputException">The list is malformed, or ends before that host.</exception>
    public static int TasksOfNode(string name, string list, int node)
    {
        int left = node;
        foreach (string part in list.Split(','))
        {
            int bracket = part.IndexOf("(x", StringComparison.Ordinal);
            int times = 1;
            bool read = int.TryParse(bracket < 0 ? part : part[..bracket], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                && (bracket < 0 || (part[^1] == ')' && int.TryParse(part[(bracket + 2)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out times)));
            if (!read || count < 1 || times < 1)
            {
                throw new InputException($"{name} is '{list}', which is no list of tasks per host such as 4(x2),3.");
            }

            if (left < times)
            {
                return count;
            }

            left -= times;
        }

        throw new InputException($"{name} is '{list}', which has no entry for this host, SLURM_NODEID {node}.");
    }

    private static InputException Malformed(string name, string list) =>
        new($"{name} is '{list}', which is no list of hosts such as node[01-03,7]; set MASTER_ADDR to the host of rank 0.");
}
