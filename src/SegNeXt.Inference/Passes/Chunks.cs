namespace SegNeXt.Inference;

/// <summary>
/// Pixels cut into chunks of equal size, but for the last, by their number alone; and chunks into equal pieces that stay in the
/// second-level cache.
/// </summary>
internal readonly record struct Chunks(int Pixels)
{
    /// <summary>Most pixels of a piece.</summary>
    public const int Piece = 192;

    // Enough chunks for many threads; a number of them that two and four threads share evenly.
    // Of many pieces two make a chunk: what is summed a chunk takes memory.
    private const int Most = 64, Even = 4, Many = 16;

    // What a tile of pixels is cut by.
    private const int Unit = 4;

    private int Size => Parted(Pixels, Wanted);

    private int Wanted
    {
        get
        {
            int pieces = PlanBuilder.DivideUp(Pixels, Piece);
            return pieces < Even ? pieces : Math.Min(PlanBuilder.DivideUp(pieces < Many ? pieces : PlanBuilder.DivideUp(pieces, 2), Even) * Even, Most);
        }
    }

    public int Count => PlanBuilder.DivideUp(Pixels, Size);

    public int Start(int chunk) => chunk * Size;

    public int Length(int chunk) => Math.Min(Size, Pixels - Start(chunk));

    /// <summary>The pieces of a chunk, in order.</summary>
    public PieceList Pieces(int chunk) => new(Start(chunk), Start(chunk) + Length(chunk), Parted(Length(chunk), PlanBuilder.DivideUp(Length(chunk), Piece)));

    /// <summary>The size of equal parts, in units.</summary>
    private static int Parted(int whole, int parts) => PlanBuilder.DivideUp(whole, parts * Unit) * Unit;

    /// <summary>Pieces, to go through without an allocation.</summary>
    public struct PieceList(int start, int end, int size)
    {
        private int _next = start;
        private int _start;

        /// <summary>The piece's first pixel and its number of pixels.</summary>
        public readonly (int Start, int Pixels) Current => (_start, _next - _start);

        public readonly PieceList GetEnumerator() => this;

        public bool MoveNext()
        {
            _start = _next;
            _next = Math.Min(_next + size, end);
            return _start < end;
        }
    }
}
