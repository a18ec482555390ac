namespace SegNeXt.Torch;

/// <content>Arithmetic, with broadcasting; a number with an integral value keeps an integral tensor's type.</content>
public sealed partial class Tensor
{
    /// <summary>x + y.</summary>
    public static Tensor operator +(Tensor x, Tensor y)
    {
        Native.Add(x.Handle, y.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x + y.</summary>
    public static Tensor operator +(Tensor x, double y)
    {
        Native.AddScalar(x.Handle, y, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x + y.</summary>
    public static Tensor operator +(double x, Tensor y) => y + x;

    /// <summary>x − y.</summary>
    public static Tensor operator -(Tensor x, Tensor y)
    {
        Native.Sub(x.Handle, y.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x − y.</summary>
    public static Tensor operator -(Tensor x, double y) => x + (-y);

    /// <summary>x − y.</summary>
    public static Tensor operator -(double x, Tensor y)
    {
        Native.ScalarSub(x, y.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>−x.</summary>
    public static Tensor operator -(Tensor x)
    {
        Native.Neg(x.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x · y, element by element.</summary>
    public static Tensor operator *(Tensor x, Tensor y)
    {
        Native.Mul(x.Handle, y.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x · y.</summary>
    public static Tensor operator *(Tensor x, double y)
    {
        Native.MulScalar(x.Handle, y, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x · y.</summary>
    public static Tensor operator *(double x, Tensor y) => y * x;

    /// <summary>x / y, element by element; integers give floats.</summary>
    public static Tensor operator /(Tensor x, Tensor y)
    {
        Native.Div(x.Handle, y.Handle, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x / y; integers give floats.</summary>
    public static Tensor operator /(Tensor x, double y)
    {
        Native.DivScalar(x.Handle, y, out TensorHandle result);
        return new Tensor(result);
    }

    /// <summary>x / y; integers give floats.</summary>
    public static Tensor operator /(double x, Tensor y)
    {
        Native.ScalarDiv(x, y.Handle, out TensorHandle result);
        return new Tensor(result);
    }
}
