using System.Runtime.Intrinsics;

namespace SegNeXt.Inference;

/// <summary>
/// The picture of a call as the network reads it: rows of normalised pixels, (value − mean) / std of red, green and blue
/// and a zero. Set anew for each call; the pixels stay where they are.
/// </summary>
internal sealed unsafe class PictureRows
{
    private readonly Vector128<float> _mean;
    private readonly Vector128<float> _scale;
    private byte* _pixels;
    private nint _stride;
    private int _bytes;
    private Vector128<byte> _order;
    private float* _normalised;
    private int _height;
    private int _width;

    public PictureRows(IReadOnlyList<double> mean, IReadOnlyList<double> std)
    {
        _mean = Vector128.Create((float)mean[0], (float)mean[1], (float)mean[2], 0);
        _scale = Vector128.Create((float)(1 / std[0]), (float)(1 / std[1]), (float)(1 / std[2]), 0);
    }

    /// <summary>Reads from pixels that stay pinned until <see cref="Clear"/>.</summary>
    public void Set(byte* first, PixelView view)
    {
        bool reversed = view.Format is PixelFormat.Bgr or PixelFormat.Bgra;
        _order = reversed ? Vector128.Create((byte)2, 1, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) : Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        (_stride, _bytes, _width, _height) = (view.Stride, view.BytesPerPixel, view.Width, view.Height);
        _pixels = first;
        _normalised = null;
    }

    /// <summary>Reads a picture that is normalised already, <c>[3, H, W]</c>.</summary>
    public void Set(float* normalised, int height, int width)
    {
        (_width, _height) = (width, height);
        _pixels = null;
        _normalised = normalised;
    }

    /// <summary>Forgets the picture.</summary>
    public void Clear()
    {
        _pixels = null;
        _normalised = null;
    }

    /// <summary>Writes a row, <see cref="NetworkWeights.PictureStride"/> floats a pixel.</summary>
    public void Read(int y, float* target)
    {
        if (_normalised is not null)
        {
            Copy(y, target);
            return;
        }

        byte* source = _pixels + (y * _stride);
        for (int x = 0; x < _width - 1; x++)
        {
            Normalise(*(uint*)source, target);
            source += _bytes;
            target += NetworkWeights.PictureStride;
        }

        // Of a picture's last pixel there may be only three bytes.
        Normalise(source[0] | ((uint)source[1] << 8) | ((uint)source[2] << 16), target);
    }

    private void Normalise(uint pixel, float* target)
    {
        Vector128<byte> bytes = Vector128.Shuffle(Vector128.CreateScalar(pixel).AsByte(), _order);
        Vector128<uint> values = Vector128.WidenLower(Vector128.WidenLower(bytes));
        Vector128.Store((Vector128.ConvertToSingle(values.AsInt32()) - _mean) * _scale, target);
    }

    private void Copy(int y, float* target)
    {
        nint plane = (nint)_height * _width;
        float* source = _normalised + ((nint)y * _width);
        for (int x = 0; x < _width; x++)
        {
            (target[0], target[1], target[2], target[3]) = (source[x], source[plane + x], source[(2 * plane) + x], 0);
            target += NetworkWeights.PictureStride;
        }
    }
}
