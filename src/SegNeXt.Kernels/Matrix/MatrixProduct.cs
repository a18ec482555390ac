namespace SegNeXt.Kernels;

/// <summary>Matrix products over any number of rows and columns, cut into <see cref="MatrixTile"/>s.</summary>
internal static unsafe class MatrixProduct
{
    /// <summary>C = epilogue(A · B), row tile by row tile: a tile's rows of A stay in the first-level cache over all panels of B.</summary>
    public static void Run<TSimd, TVector, TEpilogue>(MatrixRows a, int rows, PackedMatrix b, float* target, nint targetStride, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TEpilogue : struct, IEpilogue
        => Run<TSimd, TVector, TEpilogue>(a, rows, b, target, targetStride, TSimd.Count, epilogue);

    /// <summary>The same with the vectors of a row of C so many floats apart.</summary>
    public static void Run<TSimd, TVector, TEpilogue>(
        MatrixRows a, int rows, PackedMatrix b, float* target, nint targetStride, nint vectorStride, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TEpilogue : struct, IEpilogue
    {
        int row = 0;
        if (TSimd.TileRows == 12)
        {
            // Four rows take as long to load B as eight: 16 are twice 8, not 12 and 4.
            int high = rows % Size12.Count == Size4.Count && rows > Size12.Count ? rows - (2 * Size8.Count) : rows;
            row = Tiles<TSimd, TVector, Size12, TEpilogue>(a, row, high, b, target, targetStride, vectorStride, epilogue);
            row = Tiles<TSimd, TVector, Size8, TEpilogue>(a, row, rows, b, target, targetStride, vectorStride, epilogue);
            row = Tiles<TSimd, TVector, Size4, TEpilogue>(a, row, rows, b, target, targetStride, vectorStride, epilogue);
            row = Repeat<TSimd, TVector, Size4, TEpilogue>(a, row, rows, b, target, targetStride, vectorStride, epilogue);
        }
        else
        {
            // One or two rows wait for their own sums: 7 are 4 and 3, and 8 twice 4.
            int rest = rows % Size6.Count, high = rest is 1 or 2 && rows > Size6.Count ? rows - rest - Size6.Count : rows;
            row = Tiles<TSimd, TVector, Size6, TEpilogue>(a, row, high, b, target, targetStride, vectorStride, epilogue);
            row = Tiles<TSimd, TVector, Size4, TEpilogue>(a, row, rows, b, target, targetStride, vectorStride, epilogue);
            row = Repeat<TSimd, TVector, Size4, TEpilogue>(a, row, rows, b, target, targetStride, vectorStride, epilogue);
            row = Tiles<TSimd, TVector, Size3, TEpilogue>(a, row, rows, b, target, targetStride, vectorStride, epilogue);
            row = Tiles<TSimd, TVector, Size2, TEpilogue>(a, row, rows, b, target, targetStride, vectorStride, epilogue);
        }

        Tiles<TSimd, TVector, Size1, TEpilogue>(a, row, rows, b, target, targetStride, vectorStride, epilogue);
    }

    /// <summary>
    /// The last rows together with some that are done, where that does no harm: a tile of one row waits for its own sums, and takes as long as one of four.
    /// </summary>
    /// <returns>The first row that is left.</returns>
    private static int Repeat<TSimd, TVector, TRows, TEpilogue>(
        MatrixRows a, int row, int rows, PackedMatrix b, float* target, nint targetStride, nint vectorStride, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TEpilogue : struct, IEpilogue
        => TEpilogue.ReadsX || row == rows || rows < TRows.Count
            ? row
            : Tiles<TSimd, TVector, TRows, TEpilogue>(a, rows - TRows.Count, rows, b, target, targetStride, vectorStride, epilogue);

    /// <summary>As many tiles of one height as there is room for.</summary>
    /// <returns>The first row that is left.</returns>
    private static int Tiles<TSimd, TVector, TRows, TEpilogue>(
        MatrixRows a, int row, int rows, PackedMatrix b, float* target, nint targetStride, nint vectorStride, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        int wide = b.PaddedColumns / (2 * TSimd.Count) * (2 * TSimd.Count);
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

            for (int column = 0; column < wide; column += 2 * TSimd.Count)
            {
                if (TEpilogue.ReadsX)
                {
                    // Asked for now, X is there when the sums are.
                    for (int r = 0; r < TRows.Count; r++)
                    {
                        Prefetch.Near(c + column + (r * targetStride) + epilogue.Distance, 2 * TSimd.Count);
                    }
                }

                float* to = c + (column / TSimd.Count * vectorStride);
                MatrixTile.Run<TSimd, TVector, TRows, Size2, TEpilogue>(tile, b.Panel(column), to, targetStride, vectorStride, column, epilogue);
            }

            if (wide < b.PaddedColumns)
            {
                float* to = c + (wide / TSimd.Count * vectorStride);
                MatrixTile.Run<TSimd, TVector, TRows, Size1, TEpilogue>(tile, b.Panel(wide), to, targetStride, vectorStride, wide, epilogue);
            }
        }

        return row;
    }
}
