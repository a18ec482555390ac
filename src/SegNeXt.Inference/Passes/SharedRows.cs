namespace SegNeXt.Inference;

/// <summary>Computes some rows of a tile, one pass over them of several.</summary>
/// <param name="thread">The thread.</param>
/// <param name="tile">The tile, from the first row on that is computed here.</param>
/// <param name="part">The part of its work.</param>
/// <param name="pass">The pass.</param>
/// <param name="rows">Hands out the rows.</param>
internal delegate void RowPass(int thread, Tile tile, int part, int pass, RowClaim rows);

/// <summary>
/// The rows of tiles, gone through in several passes, which threads share out while they work: who has nothing left to do takes over the lower rows of what
/// another one has still before it. Threads are not equally fast where another program, or the other half of the core, is at work, and tiles that
/// were cut fine enough for that would compute many rows of their edges twice.
/// </summary>
/// <remarks>
/// What a thread has before it is one number; it takes rows off its top, and others off its bottom, by comparing and exchanging, so that a row is one
/// thread's at any time. Rows that are taken over stay with the new thread for all passes that follow: nobody waits for anybody's rows. Which
/// thread computes a row changes nothing in it.
/// </remarks>
internal sealed class SharedRows
{
    // Taking rows over costs computing the rows beside them a second time.
    private const int LeastRows = 6;

    private readonly TileCut _cut;
    private readonly int _step;
    private readonly int[] _passes;
    private readonly RowPass _body;

    // What lies before each tile's thread, and before each thread with rows that it has taken over; and the first of these rows.
    private readonly ulong[] _states;
    private readonly int[] _tops;
    private int _begun;
    private int _ended;

    /// <summary>Rows to be shared.</summary>
    /// <param name="cut">The tiles.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="step">Most rows that are handed out together.</param>
    /// <param name="passes">Passes over each part of a tile's work.</param>
    /// <param name="body">The work.</param>
    public SharedRows(TileCut cut, int threads, int step, int[] passes, RowPass body)
    {
        State.Check(cut.Count, cut.Height, passes.Max());
        (_cut, _step, _passes, _body) = (cut, step, passes, body);
        _states = new ulong[cut.Count + threads];
        _tops = new int[cut.Count + threads];
    }

    /// <summary>Goes through a tile, and when all have been begun through rows of others.</summary>
    public void Run(int thread, int item)
    {
        Interlocked.Increment(ref _begun);
        try
        {
            Tile tile = _cut.Of(item, out _);
            Go(thread, item, item, 0, tile.Top, tile.Bottom);
            while (Volatile.Read(ref _begun) == _cut.Count && TakeOver(out State taken))
            {
                Go(thread, _cut.Count + thread, taken.Item, taken.Pass, taken.Row, taken.Bottom);
            }
        }
        finally
        {
            if (Interlocked.Increment(ref _ended) == _cut.Count)
            {
                (_begun, _ended) = (0, 0);
            }
        }
    }

    /// <summary>Hands out the next rows of a pass.</summary>
    /// <returns>How many; 0 when the pass is done.</returns>
    public int Claim(int slot, out int row)
    {
        while (true)
        {
            ulong seen = Volatile.Read(ref _states[slot]);
            State state = State.Of(seen);
            row = state.Row;
            int rows = Math.Min(_step, state.Bottom - row);
            if (rows <= 0 || Interlocked.CompareExchange(ref _states[slot], (state with { Row = row + rows }).Packed, seen) == seen)
            {
                return Math.Max(rows, 0);
            }
        }
    }

    private void Go(int thread, int slot, int item, int first, int top, int bottom)
    {
        Tile tile = _cut.Of(item, out int part) with { Top = top, Bottom = bottom };
        _tops[slot] = top;
        Volatile.Write(ref _states[slot], new State(item, first, top, bottom).Packed);
        try
        {
            for (int pass = first; pass < _passes[part]; pass++)
            {
                if (pass > first)
                {
                    Begin(slot, pass, top);
                }

                _body(thread, tile, part, pass, new RowClaim(this, slot));
            }
        }
        finally
        {
            // Whatever has happened, nothing is left here to be taken over.
            Volatile.Write(ref _states[slot], 0);
        }
    }

    /// <summary>Begins another pass over the rows that are left.</summary>
    private void Begin(int slot, int pass, int top)
    {
        ulong seen = Volatile.Read(ref _states[slot]);
        while (true)
        {
            ulong before = Interlocked.CompareExchange(ref _states[slot], (State.Of(seen) with { Pass = pass, Row = top }).Packed, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>Takes over the lower half of what is left of somebody's work, of the one who has most rows to give.</summary>
    private bool TakeOver(out State taken)
    {
        while (true)
        {
            int victim = -1, most = 0;
            ulong seen = 0;
            taken = default;
            for (int slot = 0; slot < _states.Length; slot++)
            {
                ulong now = Volatile.Read(ref _states[slot]);
                State state = State.Of(now);
                int middle = Middle(state, Math.Min(_tops[slot], state.Row));
                if (state.Bottom - middle > most)
                {
                    (victim, most, seen, taken) = (slot, state.Bottom - middle, now, state with { Row = middle });
                }
            }

            if (most < LeastRows)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _states[victim], (State.Of(seen) with { Bottom = taken.Row }).Packed, seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>Where to cut what is left, so that both have as many rows to compute in all passes; no row that has been handed out in this one.</summary>
    private int Middle(State state, int top)
    {
        _cut.Of(state.Item, out int part);
        long left = _passes[part] - state.Pass;
        long middle = ((left * state.Bottom) + state.Row + ((left - 1) * top)) / (2 * left);
        int steps = Math.Max(0, (int)middle - state.Row + _step - 1) / _step;
        return state.Row + (steps * _step);
    }

    /// <summary>What lies before a thread.</summary>
    /// <param name="Item">The tile that it is of.</param>
    /// <param name="Pass">The pass that it is in.</param>
    /// <param name="Row">The next row of it.</param>
    /// <param name="Bottom">The row after the last, of this pass and of those after it.</param>
    private readonly record struct State(int Item, int Pass, int Row, int Bottom)
    {
        private const int RowBits = 20, PassBits = 8, ItemBits = 16;

        /// <summary>In one number, so that rows of one tile are never taken for those of another.</summary>
        public ulong Packed => ((((((ulong)Item << PassBits) | (uint)Pass) << RowBits) | (uint)Row) << RowBits) | (uint)Bottom;

        public static State Of(ulong packed) => new(
            (int)(packed >> (PassBits + (2 * RowBits))), Low(packed >> (2 * RowBits), PassBits), Low(packed >> RowBits, RowBits), Low(packed, RowBits));

        public static void Check(int items, int rows, int passes)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(items, 1 << ItemBits);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rows, 1 << RowBits);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(passes, 1 << PassBits);
        }

        private static int Low(ulong packed, int bits) => (int)packed & ((1 << bits) - 1);
    }
}

/// <summary>Hands out the rows of one pass.</summary>
internal readonly struct RowClaim(SharedRows rows, int slot)
{
    /// <inheritdoc cref="SharedRows.Claim"/>
    public int Next(out int row) => rows.Claim(slot, out row);
}
