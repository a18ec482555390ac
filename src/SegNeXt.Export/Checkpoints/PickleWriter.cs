using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SegNeXt.Export;

/// <summary>Writes Python's pickle format, protocol 2, as far as a checkpoint has need of it.</summary>
/// <remarks>The opcodes are those of CPython's <c>pickletools.py</c>.</remarks>
internal sealed class PickleWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public PickleWriter() => Op(0x80, 2);

    /// <summary>Ends the pickle; the last value is what it holds.</summary>
    public byte[] Finish()
    {
        Op('.');
        return _bytes.WrittenSpan.ToArray();
    }

    /// <summary>An empty dict, or what a global names called without arguments when there is one.</summary>
    public void BeginDict(string? module = null, string? name = null)
    {
        if (module is null)
        {
            Op('}');
        }
        else
        {
            Global(module, name!);
            Op(')', 'R');
        }

        Mark();
    }

    /// <summary>Puts the keys and values since <see cref="BeginDict"/> into the dict.</summary>
    public void EndDict() => Op('u');

    /// <summary>A tuple of what follows, until <see cref="EndTuple"/>.</summary>
    public void Mark() => Op('(');

    public void EndTuple() => Op('t');

    /// <summary>A list of what follows, until <see cref="EndList"/>.</summary>
    public void BeginList()
    {
        Op(']');
        Mark();
    }

    public void EndList() => Op('e');

    /// <summary>A function or class of a Python module.</summary>
    public void Global(string module, string name)
    {
        Op('c');
        _bytes.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    /// <summary>Calls the function with the tuple behind it.</summary>
    public void Call() => Op('R');

    /// <summary>An object outside the pickle, named by the tuple before.</summary>
    public void Persistent() => Op('Q');

    public void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Op('X');
        Number(utf8.Length);
        _bytes.Write(utf8);
    }

    public void False() => Op(0x89);

    public void Integer(long value)
    {
        if (value is >= 0 and <= 255)
        {
            Op('K', (byte)value);
        }
        else if (value is >= int.MinValue and <= int.MaxValue)
        {
            Op('J');
            Number((int)value);
        }
        else
        {
            Op(0x8a, sizeof(long));
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            _bytes.Write(bytes);
        }
    }

    private void Number(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _bytes.Write(bytes);
    }

    private void Op(params ReadOnlySpan<int> codes)
    {
        foreach (int code in codes)
        {
            _bytes.Write([(byte)code]);
        }
    }
}
