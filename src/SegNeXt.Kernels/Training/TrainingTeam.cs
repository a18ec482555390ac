namespace SegNeXt.Kernels;

/// <summary>
/// What the training passes share: threads, the kernels of this machine, and memory that is kept from call to call. One
/// pass at a time.
/// </summary>
public sealed unsafe class TrainingTeam : IDisposable
{
    /// <summary>
    /// Sums over pixels are taken in as many lanes, added up in their order: a lane is one thread's, so up to as many
    /// threads give the same bits.
    /// </summary>
    private const int FewestLanes = 4;

    private const int Slots = 24;

    private readonly ThreadTeam _threads;
    private readonly AlignedBuffer?[][] _buffers;
    private readonly AlignedBuffer?[][] _laneBuffers;
    private readonly Dictionary<(int Depth, int Columns), Stack<PackedMatrix>> _matrices = [];

    /// <summary>Starts the threads; they take over the caller's handling of sub-normal numbers, as POSIX has it.</summary>
    /// <param name="threads">Threads in all, the caller included.</param>
    /// <param name="level">The instruction level.</param>
    public TrainingTeam(int threads, InstructionLevel level)
    {
        _threads = new ThreadTeam(threads);
        Kernels = KernelSet.For(level);
        Training = TrainingKernels.For(level);
        _buffers = NewBuffers(threads);
        Lanes = Math.Max(FewestLanes, threads);
        _laneBuffers = NewBuffers(Lanes);
    }

    /// <summary>Threads in all.</summary>
    public int Threads => _threads.Threads;

    /// <summary>Lanes that sums over pixels are taken in.</summary>
    public int Lanes { get; }

    internal KernelSet Kernels { get; }

    internal TrainingKernels Training { get; }

    /// <summary>Runs a loop.</summary>
    /// <param name="count">Number of items.</param>
    /// <param name="body">Gets the thread and the item.</param>
    public void For(int count, Action<int, int> body) => _threads.For(count, body);

    /// <inheritdoc/>
    public void Dispose()
    {
        _threads.Dispose();
        foreach (AlignedBuffer? buffer in _buffers.Concat(_laneBuffers).SelectMany(static row => row))
        {
            buffer?.Dispose();
        }

        foreach (PackedMatrix matrix in _matrices.Values.SelectMany(static stack => stack))
        {
            matrix.Dispose();
        }
    }

    /// <summary>Memory of a thread, with what was last written to it or zeros.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="slot">Which of its buffers.</param>
    /// <param name="count">Floats needed.</param>
    internal float* Buffer(int thread, int slot, long count) => Grown(ref _buffers[thread][slot], count).Data;

    /// <summary>Zeroed memory of a lane; to be asked for by one thread at a time.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="slot">Which of its buffers.</param>
    /// <param name="count">Floats needed.</param>
    internal float* LaneSums(int lane, int slot, long count)
    {
        float* sums = Grown(ref _laneBuffers[lane][slot], count).Data;
        new Span<float>(sums, checked((int)count)).Clear();
        return sums;
    }

    /// <summary>The same memory again, as it is now.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="slot">Which of its buffers.</param>
    internal float* LaneBuffer(int lane, int slot) => _laneBuffers[lane][slot]!.Data;

    /// <summary>target = the sum of the lanes' buffers, in their order.</summary>
    /// <param name="lanes">Lanes that were used.</param>
    /// <param name="slot">Which of their buffers.</param>
    /// <param name="offset">Floats before what is added.</param>
    /// <param name="count">Floats to add.</param>
    /// <param name="target">The result.</param>
    internal void AddLanes(int lanes, int slot, nint offset, long count, float* target)
    {
        const int Part = 1 << 14;
        For((int)((count + Part - 1) / Part), (_, part) =>
        {
            long first = (long)part * Part;
            int length = (int)Math.Min(Part, count - first);
            var sum = new Span<float>(target + first, length);
            new Span<float>(_laneBuffers[0][slot]!.Data + offset + first, length).CopyTo(sum);
            for (int lane = 1; lane < lanes; lane++)
            {
                Kernels.Add(_laneBuffers[lane][slot]!.Data + offset + first, target + first, length);
            }
        });
    }

    /// <summary>Room for a matrix, with a bias of zeros; not for threads of a loop.</summary>
    internal PackedMatrix Rent(int depth, int columns)
    {
        PackedMatrix matrix = _matrices.TryGetValue((depth, columns), out Stack<PackedMatrix>? stack) && stack.Count > 0
            ? stack.Pop()
            : Kernels.CreateMatrix(depth, columns);
        matrix.Bias.Clear();
        return matrix;
    }

    /// <summary>As many as asked for.</summary>
    internal PackedMatrix[] Rent(int count, int depth, int columns)
    {
        var matrices = new PackedMatrix[count];
        for (int i = 0; i < count; i++)
        {
            matrices[i] = Rent(depth, columns);
        }

        return matrices;
    }

    /// <summary>Gives matrices back for the next to ask.</summary>
    internal void Return(params ReadOnlySpan<PackedMatrix> matrices)
    {
        foreach (PackedMatrix matrix in matrices)
        {
            (int, int) key = (matrix.Depth, matrix.Columns);
            if (!_matrices.TryGetValue(key, out Stack<PackedMatrix>? stack))
            {
                _matrices[key] = stack = [];
            }

            stack.Push(matrix);
        }
    }

    private static AlignedBuffer?[][] NewBuffers(int count) => [.. Enumerable.Range(0, count).Select(static _ => new AlignedBuffer?[Slots])];

    private static AlignedBuffer Grown(ref AlignedBuffer? buffer, long count)
    {
        if (buffer is null || buffer.Count < count)
        {
            buffer?.Dispose();
            buffer = new AlignedBuffer(count);
        }

        return buffer;
    }
}
