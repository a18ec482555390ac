using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>Matrix products over any number of rows and columns, cut into <see cref="MatrixTile"/>s.</summary>
internal static unsafe class MatrixProduct
{
    /// <summary>C = epilogue(A · B), row tile by row tile: a tile's rows of A stay in the first-level cache over all panels of B. In pairs where B is ready for them.</summary>
    public static void Run<TSimd, TVector, TEpilogue>(MatrixRows a, int rows, PackedMatrix b, float* target, nint targetStride, TEpilogue epilogue, in ProductWays ways)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TEpilogue : struct, IEpilogue
        => Run<TSimd, TVector, TEpilogue>(a, rows, b, target, targetStride, TSimd.Count, epilogue, ways);

    /// <summary>The same with the vectors of a row of C so many floats apart.</summary>
    public static void Run<TSimd, TVector, TEpilogue>(
        MatrixRows a, int rows, PackedMatrix b, float* target, nint targetStride, nint vectorStride, TEpilogue epilogue, in ProductWays ways)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TEpilogue : struct, IEpilogue
    {
        b.Sample?.Take(a, rows);
        int first = 0;
        if (TSimd.TileRows == 12 && ways.Wide && b.Pairs is null && WideProduct.Takes(a))
        {
            first = WideProduct.Run<TSimd, TVector, TEpilogue>(a, rows, b, target, targetStride, vectorStride, epilogue);
            if (first == b.PaddedColumns)
            {
                return;
            }
        }

        int row = 0;
        if (TSimd.TileRows == 12)
        {
            // Four rows take as long to load B as eight: 16 are twice 8, not 12 and 4.
            int high = rows % Size12.Count == Size4.Count && rows > Size12.Count ? rows - (2 * Size8.Count) : rows;
            row = Tiles<TSimd, TVector, Size12, TEpilogue>(a, first, row, high, b, target, targetStride, vectorStride, epilogue, ways);
            row = Tiles<TSimd, TVector, Size8, TEpilogue>(a, first, row, rows, b, target, targetStride, vectorStride, epilogue, ways);
            row = Tiles<TSimd, TVector, Size4, TEpilogue>(a, first, row, rows, b, target, targetStride, vectorStride, epilogue, ways);
            row = Repeat<TSimd, TVector, Size4, TEpilogue>(a, first, row, rows, b, target, targetStride, vectorStride, epilogue, ways);
        }
        else
        {
            // One or two rows wait for their own sums: 7 are 4 and 3, and 8 twice 4.
            int rest = rows % Size6.Count, high = rest is 1 or 2 && rows > Size6.Count ? rows - rest - Size6.Count : rows;
            row = Tiles<TSimd, TVector, Size6, TEpilogue>(a, first, row, high, b, target, targetStride, vectorStride, epilogue, ways);
            row = Tiles<TSimd, TVector, Size4, TEpilogue>(a, first, row, rows, b, target, targetStride, vectorStride, epilogue, ways);
            row = Repeat<TSimd, TVector, Size4, TEpilogue>(a, first, row, rows, b, target, targetStride, vectorStride, epilogue, ways);
            row = Tiles<TSimd, TVector, Size3, TEpilogue>(a, first, row, rows, b, target, targetStride, vectorStride, epilogue, ways);
            row = Tiles<TSimd, TVector, Size2, TEpilogue>(a, first, row, rows, b, target, targetStride, vectorStride, epilogue, ways);
        }

        Tiles<TSimd, TVector, Size1, TEpilogue>(a, first, row, rows, b, target, targetStride, vectorStride, epilogue, ways);
    }

    /// <summary>
    /// The last rows together with some that are done, where that does no harm: a tile of one row waits for its own sums, and takes as long as one of four.
    /// </summary>
    /// <returns>The first row that is left.</returns>
    private static int Repeat<TSimd, TVector, TRows, TEpilogue>(
        MatrixRows a, int first, int row, int rows, PackedMatrix b, float* target, nint targetStride, nint vectorStride, TEpilogue epilogue, in ProductWays ways)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TEpilogue : struct, IEpilogue
        => TEpilogue.ReadsX || row == rows || rows < TRows.Count
            ? row
            : Tiles<TSimd, TVector, TRows, TEpilogue>(a, first, rows - TRows.Count, rows, b, target, targetStride, vectorStride, epilogue, ways);

    /// <summary>As many tiles of one height as there is room for, from a column on.</summary>
    /// <returns>The first row that is left.</returns>
    private static int Tiles<TSimd, TVector, TRows, TEpilogue>(
        MatrixRows a, int first, int row, int rows, PackedMatrix b, float* target, nint targetStride, nint vectorStride, TEpilogue epilogue, in ProductWays ways)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        int wide = b.PaddedColumns / (2 * TSimd.Count) * (2 * TSimd.Count);
        float* ends = stackalloc float[Size12.Count];
        for (; row + TRows.Count <= rows; row += TRows.Count)
        {
            MatrixRows tile = a.Skip(row);
            float* c = target + (row * targetStride);
            if (a.Step == 1 && row + (2 * TRows.Count) <= rows)
            {
                // The processor's own prefetching gives up on rows of a few lines each.
                for (int next = TRows.Count; next < 2 * TRows.Count; next++)
                {
                    Prefetch.Read(tile.Start + (next * tile.RowStride), a.Segments * (nint)a.Depth);
                }
            }

            PairedSums.Way way = PairedSums.Way.Alone;
            if (ways.Pairs && b.Pairs is { } pairs && a.Step == 1 && a.Depth % (2 * PairedTile.Distance) == 0)
            {
                way = pairs.Look<TSimd, TVector, TRows>(tile, ends);
                if (way == PairedSums.Way.Mixed)
                {
                    for (int r = row; r < row + TRows.Count; r++)
                    {
                        Tiles<TSimd, TVector, Size1, TEpilogue>(a, first, r, r + 1, b, target, targetStride, vectorStride, epilogue, ways);
                    }

                    continue;
                }
            }

            for (int column = first; column < wide; column += 2 * TSimd.Count)
            {
                float* to = c + (column / TSimd.Count * vectorStride);
                Ask<TSimd, TVector, TRows, Size2, TEpilogue>(to, targetStride, vectorStride, row, column, epilogue);
                Tile<TSimd, TVector, TRows, Size2, TEpilogue>(tile, b, way, ends, to, targetStride, vectorStride, row, column, epilogue);
            }

            if (wide < b.PaddedColumns)
            {
                float* to = c + (wide / TSimd.Count * vectorStride);
                Tile<TSimd, TVector, TRows, Size1, TEpilogue>(tile, b, way, ends, to, targetStride, vectorStride, row, wide, epilogue);
            }
        }

        return row;
    }

    /// <summary>Asks for what a tile reads or writes at its end, X and C: asked for before its sums begin, it is there when they are done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Ask<TSimd, TVector, TRows, TWidth, TEpilogue>(
        float* target, nint targetStride, nint vectorStride, int row, int column, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TWidth : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        for (int r = 0; r < TRows.Count && TEpilogue.ReadsX; r++)
        {
            for (int v = 0; v < TWidth.Count; v++)
            {
                Prefetch.Near(epilogue.X(target + (r * targetStride) + (v * vectorStride), row + r, (column / TSimd.Count) + v), TSimd.Count);
            }
        }

        for (int r = 0; r < TRows.Count && epilogue.WritesFar; r++)
        {
            for (int v = 0; v < TWidth.Count; v++)
            {
                Prefetch.Near(target + (r * targetStride) + (v * vectorStride), TSimd.Count);
            }
        }
    }

    /// <summary>One tile, in the way that has been found for its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TSimd, TVector, TRows, TWidth, TEpilogue>(
        in MatrixRows tile, PackedMatrix b, PairedSums.Way way, float* ends, float* target, nint targetStride, nint vectorStride, int row, int column, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TWidth : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        if (b.Pairs is not { } pairs)
        {
            MatrixTile.Run<TSimd, TVector, TRows, TWidth, TEpilogue>(tile, b.Panel(column), target, targetStride, vectorStride, row, column, epilogue);
        }
        else if (way == PairedSums.Way.Paired)
        {
            PairedTile.Run<TSimd, TVector, TRows, TWidth, TEpilogue>(
                tile, b.Panel(column), pairs.PairedBias, ends, pairs.Units, target, targetStride, vectorStride, row, column, epilogue);
        }
        else
        {
            InUnits<TEpilogue> ending = new(epilogue, pairs.AloneBias, pairs.Units);
            MatrixTile.Run<TSimd, TVector, TRows, TWidth, InUnits<TEpilogue>>(tile, b.Panel(column), target, targetStride, vectorStride, row, column, ending);
        }
    }
}
