using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SegNeXt.Core;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <content>What ranks tell each other, apart from gradients and statistics; all call the same in the same order.</content>
public sealed partial class Ranks
{
    private int _texts;

    /// <summary>Whether something holds for any rank.</summary>
    /// <param name="here">Whether it does for this one.</param>
    internal bool Any(bool here) => Sum(here ? 1 : 0) > 0;

    /// <summary>Goes on where all ranks can; else ends this rank's work as well, at the same place as the others'.</summary>
    /// <param name="stopped">Whether this rank was told to stop.</param>
    /// <param name="fault">What keeps this rank from going on, or null.</param>
    /// <param name="value">A number of this rank's.</param>
    /// <returns>The sum of the ranks' numbers.</returns>
    /// <exception cref="InputException">This rank's fault.</exception>
    /// <exception cref="RankLostException">Another rank's, which tells of it itself.</exception>
    /// <exception cref="OperationCanceledException">A rank was told to stop.</exception>
    internal double Agree(bool stopped, InputException? fault, double value = 0)
    {
        Span<double> counts = [stopped ? 1 : 0, fault is null ? 0 : 1, value];
        Sum(counts);
        if (fault is not null)
        {
            throw fault;
        }

        if (counts[1] > 0)
        {
            throw new RankLostException("Another rank cannot go on, and says why itself") { IsTold = true };
        }

        if (counts[0] > 0)
        {
            throw new OperationCanceledException();
        }

        return counts[2];
    }

    /// <summary>The sum of a number over the ranks.</summary>
    /// <param name="value">This rank's.</param>
    internal double Sum(double value)
    {
        Span<double> one = [value];
        Sum(one);
        return one[0];
    }

    /// <summary>The sums of numbers over the ranks.</summary>
    /// <param name="values">This rank's; the sums afterwards.</param>
    internal void Sum(Span<double> values) => _control?.Sum(values);

    /// <summary>The sums of whole numbers over the ranks.</summary>
    /// <param name="values">This rank's; the sums afterwards.</param>
    internal void Sum(Span<long> values)
    {
        if (_control is not null)
        {
            using Tensor x = Tensor.FromArray<long>(values, [values.Length]);
            _control.AllReduce(x);
            x.CopyTo(values);
        }
    }

    /// <summary>Every rank's bytes, of any lengths.</summary>
    /// <param name="own">This rank's.</param>
    /// <returns>One a rank.</returns>
    internal byte[][] Gather(byte[] own)
    {
        if (_control is null)
        {
            return [own];
        }

        Span<long> lengths = new long[Size];
        lengths[Rank] = own.Length;
        Sum(lengths);
        byte[][] all = new byte[Size][];
        for (int rank = 0; rank < Size; rank++)
        {
            if (lengths[rank] == 0)
            {
                all[rank] = [];
                continue;
            }

            using Tensor bytes = rank == Rank ? Tensor.FromArray<byte>(own, [own.Length]) : Tensor.Zeros([lengths[rank]], ScalarType.UInt8);
            _control.Broadcast(bytes, rank);
            all[rank] = bytes.ToArray<byte>();
        }

        return all;
    }

    /// <summary>How low, and how high, a number has to be to be among some lowest and highest of all ranks.</summary>
    /// <param name="low">This rank's lowest numbers.</param>
    /// <param name="high">This rank's highest.</param>
    /// <param name="lowest">How many are wanted at most.</param>
    /// <param name="highest">How many are wanted at most.</param>
    /// <returns>Both bounds, infinite where there are fewer.</returns>
    internal double[] Bounds(IEnumerable<double> low, IEnumerable<double> high, int lowest, int highest)
    {
        double[] lows = [.. Numbers(low).Order()], highs = [.. Numbers(high).OrderDescending()];
        return [lows.Length < lowest ? double.PositiveInfinity : lows[lowest - 1], highs.Length < highest ? double.NegativeInfinity : highs[highest - 1]];

        IEnumerable<double> Numbers(IEnumerable<double> own) => Gather(MemoryMarshal.AsBytes<double>([.. own]).ToArray()).SelectMany(static bytes => MemoryMarshal.Cast<byte, double>(bytes).ToArray());
    }

    /// <summary>Replaces a tensor by rank 0's.</summary>
    /// <param name="x">Of any device and layout.</param>
    internal void Broadcast(Tensor x)
    {
        if (_control is not null)
        {
            ProcessGroup group = x.Device.Type == DeviceType.Cuda ? _gradients! : _control;
            group.Broadcast(x);
        }
    }

    /// <summary>A decision that rank 0 makes for all.</summary>
    /// <param name="decide">Makes it, on rank 0 alone.</param>
    public bool IsAgreed(Func<bool> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        return bool.Parse(Text(() => decide().ToString()));
    }

    /// <summary>A text that rank 0 knows.</summary>
    /// <param name="text">Makes it, on rank 0 alone.</param>
    internal string Text(Func<string> text)
    {
        if (_store is null)
        {
            return text();
        }

        string key = string.Create(CultureInfo.InvariantCulture, $"text/{_texts++}");
        if (!IsMain)
        {
            return Encoding.UTF8.GetString(_store.Get(key));
        }

        string made = text();
        _store.Set(key, Encoding.UTF8.GetBytes(made));
        return made;
    }
}
