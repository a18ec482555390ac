using System.Numerics;

namespace SegNeXt.Core;

/// <summary>
/// A pickle virtual machine (protocols 2 to 5) that builds plain containers and tensors and can do nothing else:
/// every object comes from a maker in <see cref="PickleGlobal"/>, any other name ends the reading. Work and memory are
/// bounded by a budget, however the file is made.
/// </summary>
/// <param name="input">The pickle's bytes.</param>
/// <param name="loadStorage">Turns a persistent id, a tuple, into the storage that it names.</param>
internal sealed partial class PickleMachine(PickleInput input, Func<object?[], PickledStorage>? loadStorage)
{
    /// <summary>Steps allowed: about fifty times what the largest SegNeXt checkpoint with its optimizer takes.</summary>
    private const long Budget = 8_000_000;

    private const int HighestProtocol = 5;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<ulong, object?> _memo = [];
    private long _spent;

    /// <summary>Runs one pickle to its end.</summary>
    /// <returns>The object, free of cycles and nested at most <see cref="PickleTree.MaxDepth"/> deep.</returns>
    /// <exception cref="InputException">The pickle is damaged, or asks for something that is neither a tensor nor a plain container.</exception>
    public object? Run()
    {
        while (true)
        {
            byte opcode = input.ReadByte();
            Spend(1);
            if (opcode == (byte)'.')
            {
                object? result = Pop();
                if (_stack.Count > 0 || _marks.Count > 0)
                {
                    throw input.Fault("objects are left over at its end");
                }

                return PickleTree.Check(result, input);
            }

            if (!RunValue(opcode) && !RunStack(opcode) && !RunContainer(opcode) && !RunObject(opcode))
            {
                throw Unknown(opcode);
            }
        }
    }

    /// <summary>Opcodes that put a constant on the stack.</summary>
    private bool RunValue(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'N':
                Push(null);
                return true;
            case 0x88 or 0x89:
                Push(opcode == 0x88);
                return true;
            case (byte)'J':
                Push((long)(int)input.ReadUnsigned(4));
                return true;
            case (byte)'K':
                Push((long)input.ReadByte());
                return true;
            case (byte)'M':
                Push((long)input.ReadUnsigned(2));
                return true;
            case 0x8a or 0x8b:
                PushLong(input.ReadUnsigned(opcode == 0x8a ? 1 : 4));
                return true;
            case (byte)'G':
                Push(input.ReadDouble());
                return true;

            // Texts: BINSTRING, SHORT_BINSTRING (Python 2), BINUNICODE, SHORT_BINUNICODE, BINUNICODE8.
            case (byte)'T' or (byte)'X':
                Push(ReadText(input.ReadUnsigned(4)));
                return true;
            case (byte)'U' or 0x8c:
                Push(ReadText(input.ReadByte()));
                return true;
            case 0x8d:
                Push(ReadText(input.ReadUnsigned(8)));
                return true;

            // Bytes: BINBYTES, SHORT_BINBYTES, BINBYTES8, BYTEARRAY8.
            case (byte)'B':
                Push(ReadBytes(input.ReadUnsigned(4)));
                return true;
            case (byte)'C':
                Push(ReadBytes(input.ReadByte()));
                return true;
            case 0x8e or 0x96:
                Push(ReadBytes(input.ReadUnsigned(8)));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Opcodes of the stack, the memo and the frame.</summary>
    private bool RunStack(byte opcode)
    {
        switch (opcode)
        {
            case 0x80:
                int protocol = input.ReadByte();
                return protocol <= HighestProtocol ? true : throw input.Fault($"pickle protocol {protocol} is not known");
            case 0x95:
                // A frame only announces how much follows.
                input.ReadUnsigned(8);
                return true;
            case (byte)'(':
                _marks.Add(_stack.Count);
                return true;
            case (byte)'0':
                // As in Python, popping when nothing lies above the last mark takes the mark.
                if (_marks.Count > 0 && _marks[^1] == _stack.Count)
                {
                    _marks.RemoveAt(_marks.Count - 1);
                }
                else
                {
                    Pop();
                }

                return true;
            case (byte)'1':
                PopToMark();
                return true;
            case (byte)'2':
                Push(Peek());
                return true;
            case (byte)'q':
                _memo[input.ReadByte()] = Peek();
                return true;
            case (byte)'r':
                _memo[input.ReadUnsigned(4)] = Peek();
                return true;
            case 0x94:
                _memo[(ulong)_memo.Count] = Peek();
                return true;
            case (byte)'h':
                Push(Recall(input.ReadByte()));
                return true;
            case (byte)'j':
                Push(Recall(input.ReadUnsigned(4)));
                return true;
            default:
                return false;
        }
    }

    private void PushLong(ulong bytes)
    {
        if (bytes > 255)
        {
            throw input.Fault($"a number of {bytes} bytes");
        }

        BigInteger value = new(input.ReadBytes(bytes));
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            Push((long)value);
        }
        else
        {
            Push(value);
        }
    }

    private string ReadText(ulong count)
    {
        string text = input.ReadText(count);
        Spend((long)count / 64);
        return text;
    }

    private byte[] ReadBytes(ulong count)
    {
        byte[] bytes = input.ReadBytes(count);
        Spend((long)count / 64);
        return bytes;
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Peek()
    {
        int floor = _marks.Count > 0 ? _marks[^1] : 0;
        return _stack.Count > floor ? _stack[^1] : throw input.Fault("an object is missing on its stack");
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw input.Fault("a mark is missing on its stack");
        }

        int start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        object?[] items = [.. _stack.GetRange(start, _stack.Count - start)];
        _stack.RemoveRange(start, items.Length);
        return items;
    }

    private object? Recall(ulong index) =>
        _memo.TryGetValue(index, out object? value) ? value : throw input.Fault($"object {index} of its memo was never stored");

    private void Spend(long steps)
    {
        _spent += steps;
        if (_spent > Budget)
        {
            throw new InputException($"{input.Path}: refused: its pickle takes more than {Budget} steps, far more than any SegNeXt checkpoint.");
        }
    }

    private InputException Unknown(byte opcode) => opcode switch
    {
        (byte)'i' or (byte)'o' or 0x92 or 0x82 or 0x83 or 0x84 =>
            new InputException($"{input.Path}: refused: its pickle builds an object that is neither a tensor nor a plain container; nothing was run."),
        (byte)'I' or (byte)'L' or (byte)'F' or (byte)'S' or (byte)'V' or (byte)'g' or (byte)'p' or (byte)'P' =>
            new InputException($"{input.Path}: its pickle uses protocol 0, which PyTorch does not write (opcode '{(char)opcode}')."),
        _ => input.Fault($"unknown opcode 0x{opcode:x2}"),
    };
}
