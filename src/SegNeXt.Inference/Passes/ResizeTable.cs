using System.Runtime.CompilerServices;
using SegNeXt.Kernels;

namespace SegNeXt.Inference;

/// <summary>Where each place of a resized axis lies between two places of the source, <c>align_corners=False</c>.</summary>
/// <remarks>Arrays of its own, pinned: the arena's memory belongs to other maps before the decoder's turn.</remarks>
internal sealed unsafe class ResizeTable
{
    private readonly int[] _first;
    private readonly int[] _second;
    private readonly float[] _fraction;

    public ResizeTable(int source, int target)
    {
        _first = GC.AllocateArray<int>(target, pinned: true);
        _second = GC.AllocateArray<int>(target, pinned: true);
        _fraction = GC.AllocateArray<float>(target + ScoreCell.ReadAhead, pinned: true);
        List<int> starts = [];
        float scale = (float)source / target;
        for (int i = 0; i < target; i++)
        {
            float place = MathF.Max((scale * (i + 0.5f)) - 0.5f, 0);
            _first[i] = Math.Min((int)place, source - 1);
            _second[i] = Math.Min(_first[i] + 1, source - 1);
            _fraction[i] = place - _first[i];
            if (i == 0 || _first[i] != _first[i - 1])
            {
                starts.Add(i);
            }
        }

        CellStarts = [.. starts, target];
    }

    /// <summary>The first place of each run of places between the same two of the source, and the end of the last run.</summary>
    public int[] CellStarts { get; }

    public int* First => (int*)Unsafe.AsPointer(ref _first[0]);

    public int* Second => (int*)Unsafe.AsPointer(ref _second[0]);

    public float* Fraction => (float*)Unsafe.AsPointer(ref _fraction[0]);
}
