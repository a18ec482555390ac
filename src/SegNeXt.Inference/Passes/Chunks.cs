namespace SegNeXt.Inference;

/// <summary>
/// Pixels cut into chunks of about equal size by their number alone, and chunks into pieces that stay in the second-level cache.
/// All but the last are whole tiles of a matrix product.
/// </summary>
internal readonly record struct Chunks(int Pixels)
{
    /// <summary>Most pixels of a piece.</summary>
    public const int Piece = 16 * Unit;

    // What a product's tiles of pixels divide.
    private const int Unit = 12;

    // Enough chunks for many threads; a number of them that two and four threads share evenly.
    // Of many pieces two make a chunk: what is summed a chunk takes memory.
    private const int Most = 64, Even = 4, Many = 16;

    private int Units => PlanBuilder.DivideUp(Pixels, Unit);

    public int Count
    {
        get
        {
            int pieces = PlanBuilder.DivideUp(Pixels, Piece);
            return pieces < Even ? pieces : Math.Min(PlanBuilder.DivideUp(pieces < Many ? pieces : PlanBuilder.DivideUp(pieces, 2), Even) * Even, Most);
        }
    }

    public int Start(int chunk) => FirstUnit(chunk) * Unit;

    /// <summary>The pieces of a chunk, in order.</summary>
    public PieceList Pieces(int chunk) => new(FirstUnit(chunk), FirstUnit(chunk + 1), Pixels);

    private int FirstUnit(int chunk) => PlanBuilder.Part(Units, chunk, Count);

    /// <summary>Pieces, to go through without an allocation.</summary>
    public struct PieceList(int firstUnit, int endUnit, int pixels)
    {
        private readonly int _count = PlanBuilder.DivideUp((endUnit - firstUnit) * Unit, Piece);
        private int _piece = -1;

        /// <summary>The piece's first pixel and its number of pixels.</summary>
        public readonly (int Start, int Pixels) Current => (Start(_piece), Math.Min(Start(_piece + 1), pixels) - Start(_piece));

        public readonly PieceList GetEnumerator() => this;

        public bool MoveNext() => ++_piece < _count;

        private readonly int Start(int piece) => (firstUnit + PlanBuilder.Part(endUnit - firstUnit, piece, _count)) * Unit;
    }
}
