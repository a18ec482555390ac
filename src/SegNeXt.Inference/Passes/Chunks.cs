namespace SegNeXt.Inference;

/// <summary>
/// Pixels cut into chunks of equal size, but for the last, by their number alone; and chunks into pieces that stay in the
/// second-level cache.
/// </summary>
internal readonly record struct Chunks(int Pixels)
{
    /// <summary>Most pixels of a piece.</summary>
    public const int Piece = 192;

    private const int Most = 64;

    private int Size => Math.Max(Piece, (Pixels + (Most * Piece) - 1) / (Most * Piece) * Piece);

    public int Count => (Pixels + Size - 1) / Size;

    public int Start(int chunk) => chunk * Size;

    public int Length(int chunk) => Math.Min(Size, Pixels - Start(chunk));

    /// <summary>The pieces of a chunk, in order.</summary>
    public PieceList Pieces(int chunk) => new(Start(chunk), Start(chunk) + Length(chunk));

    /// <summary>Pieces, to go through without an allocation.</summary>
    public struct PieceList(int start, int end)
    {
        private int _next = start;
        private int _start;

        /// <summary>The piece's first pixel and its number of pixels.</summary>
        public readonly (int Start, int Pixels) Current => (_start, _next - _start);

        public readonly PieceList GetEnumerator() => this;

        public bool MoveNext()
        {
            _start = _next;
            _next = Math.Min(_next + Piece, end);
            return _start < end;
        }
    }
}
