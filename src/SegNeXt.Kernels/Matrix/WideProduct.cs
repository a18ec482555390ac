using System.Runtime.CompilerServices;

namespace SegNeXt.Kernels;

/// <summary>The part of a matrix product that <see cref="WideTile"/> takes: as many columns as there are whole tiles of.</summary>
internal static unsafe class WideProduct
{
    // Floats of B that stay in the second-level cache from one tile of rows to the next, with what else lies there.
    private const int MostTogether = 128 * 1024;

    /// <summary>Whether rows of A are laid out for it.</summary>
    public static bool Takes(in MatrixRows a) => a.Step == 1 && a.Depth % WideTile.Steps == 0;

    /// <summary>C = epilogue(A · B) of the first columns.</summary>
    /// <returns>The first column that is left.</returns>
    public static int Run<TSimd, TVector, TEpilogue>(
        in MatrixRows a, int rows, PackedMatrix b, float* target, nint targetStride, nint vectorStride, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TEpilogue : struct, IEpilogue
    {
        int width = WideTile.Width * TSimd.Count, columns = b.PaddedColumns / width * width;

        // Tile of rows by tile of rows: those of A stay in the first-level cache. Of a large matrix each panel is read once for all rows instead.
        int together = (long)b.Depth * columns <= MostTogether ? columns : width;
        for (int first = 0; first < columns; first += together)
        {
            for (int row = 0; row < rows;)
            {
                MatrixRows tile = a.Skip(row);
                float* c = target + (row * targetStride) + (first / TSimd.Count * vectorStride);
                int left = rows - row, last = first + together;
                switch (WideTile.RowsOf(left))
                {
                    case 6: Tiles<TSimd, TVector, Size6, TEpilogue>(tile, row, left, b, c, targetStride, vectorStride, first, last, epilogue); row += 6; break;
                    case 5: Tiles<TSimd, TVector, Size5, TEpilogue>(tile, row, left, b, c, targetStride, vectorStride, first, last, epilogue); row += 5; break;
                    case 4: Tiles<TSimd, TVector, Size4, TEpilogue>(tile, row, left, b, c, targetStride, vectorStride, first, last, epilogue); row += 4; break;
                    case 3: Tiles<TSimd, TVector, Size3, TEpilogue>(tile, row, left, b, c, targetStride, vectorStride, first, last, epilogue); row += 3; break;
                    case 2: Tiles<TSimd, TVector, Size2, TEpilogue>(tile, row, left, b, c, targetStride, vectorStride, first, last, epilogue); row += 2; break;
                    default: Tiles<TSimd, TVector, Size1, TEpilogue>(tile, row, left, b, c, targetStride, vectorStride, first, last, epilogue); row++; break;
                }
            }
        }

        return columns;
    }

    /// <summary>The tiles of a few rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tiles<TSimd, TVector, TRows, TEpilogue>(
        in MatrixRows tile, int row, int rows, PackedMatrix b, float* c, nint targetStride, nint vectorStride, int first, int last, TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ITileSize
        where TEpilogue : struct, IEpilogue
    {
        int width = WideTile.Width * TSimd.Count;
        if (first == 0)
        {
            // The processor's own prefetching gives up on rows of a few lines each.
            for (int next = TRows.Count; next < Math.Min(2 * TRows.Count, rows); next++)
            {
                Prefetch.Read(tile.Start + (next * tile.RowStride), tile.Segments * (nint)tile.Depth);
            }
        }

        for (int column = first; column < last; column += width)
        {
            MatrixProduct.Ask<TSimd, TVector, TRows, Size4, TEpilogue>(c, targetStride, vectorStride, row, column, epilogue);
            WideTile.Run<TSimd, TVector, TRows, TEpilogue>(
                tile, b.Panel(column), b.Panel(column + (width / 2)), c, targetStride, vectorStride, row, column, epilogue);
            c += WideTile.Width * vectorStride;
        }
    }
}
