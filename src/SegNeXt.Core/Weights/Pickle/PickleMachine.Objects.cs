using System.Text;

namespace SegNeXt.Core;

/// <content>Objects made by name, of the names in <see cref="PickleGlobal"/> alone.</content>
internal sealed partial class PickleMachine
{
    private bool RunObject(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'c':
                string module = input.ReadLine();
                Push(Resolve(module, input.ReadLine()));
                return true;
            case 0x93:
                object? global = Pop();
                object? from = Pop();
                Push(Resolve(from as string ?? throw BadCall("STACK_GLOBAL"), global as string ?? throw BadCall("STACK_GLOBAL")));
                return true;

            // REDUCE and NEWOBJ: a maker and its arguments.
            case (byte)'R' or 0x81:
                object?[] arguments = Pop() as object?[] ?? throw input.Fault("a call has no tuple of arguments");
                PickleGlobal maker = Pop() as PickleGlobal ?? throw input.Fault("what is called is not a name");
                Push(Make(maker, arguments));
                return true;
            case (byte)'b':
                object? state = Pop();
                Build(Peek(), state);
                return true;
            case (byte)'Q':
                object?[] id = Pop() as object?[] ?? throw input.Fault("a persistent id is not a tuple");
                Push(loadStorage is null ? throw input.Fault("a storage where none belongs") : loadStorage(id));
                return true;
            default:
                return false;
        }
    }

    private object Resolve(string module, string name)
    {
        PickleGlobal global = PickleGlobal.Find(module, name) ?? throw new InputException(
            $"{input.Path}: refused: its pickle asks for {MessageText.Quote($"{module}.{name}")}, which is neither a tensor nor a plain container; nothing was run.");
        return global.Maker == PickleMaker.ElementType ? global.DType!.Value : global;
    }

    private object? Make(PickleGlobal maker, object?[] arguments) => maker.Maker switch
    {
        PickleMaker.OrderedDict => MakeDict(maker, arguments),
        PickleMaker.DefaultDict when arguments is [] or [null] or [PickleGlobal { Maker: PickleMaker.PlainType or PickleMaker.Set or PickleMaker.OrderedDict }] => new PickleDict(),
        PickleMaker.Namespace when arguments is [] => new PickleDict { IsNamespace = true },
        PickleMaker.RebuildTensor when arguments is [PickledStorage storage, long offset, var shape, var strides] =>
            MakeTensor(storage, storage.DType, offset, shape, strides),
        PickleMaker.RebuildTensorV2 when arguments is [PickledStorage storage, long offset, var shape, var strides, ..] && arguments.Length is 6 or 7 =>
            MakeTensor(storage, storage.DType, offset, shape, strides),
        PickleMaker.RebuildTensorV3 when arguments is [PickledStorage storage, long offset, var shape, var strides, _, _, TensorDType dtype, ..] && arguments.Length is 7 or 8 =>
            MakeTensor(storage, dtype, offset, shape, strides),
        PickleMaker.RebuildParameter when arguments is [PickledTensor tensor, _, _] => tensor,
        PickleMaker.RebuildParameterWithState when arguments is [PickledTensor tensor, _, _, _] => tensor,
        PickleMaker.Size when arguments is [var sizes] => Array.ConvertAll(Sizes(sizes), object? (size) => size),
        PickleMaker.Device when arguments is [string kind] => kind,
        PickleMaker.Device when arguments is [string kind, long index] => $"{kind}:{index}",
        PickleMaker.NumpyDType when arguments is [string code, ..] => new NumpyType(code),
        PickleMaker.NumpyScalar when arguments is [NumpyType type, byte[] bytes] =>
            type.Decode(bytes, out object? value) ? value : throw input.Fault($"a numpy scalar of type {MessageText.Quote(type.Code)}"),
        PickleMaker.Bytes when arguments is [string text, "latin1" or "latin-1"] => EncodeText(maker, text),
        PickleMaker.Bytes when arguments is [byte[] bytes] => bytes,
        PickleMaker.Bytes when arguments is [] => Array.Empty<byte>(),
        PickleMaker.Set when arguments is [] => new List<object?>(),
        PickleMaker.Set when arguments is [List<object?> items] => CopyList(items),
        _ => throw BadCall(maker.Name),
    };

    private PickleDict MakeDict(PickleGlobal maker, object?[] arguments)
    {
        PickleDict dict = new();
        if (arguments is [List<object?> pairs])
        {
            // Python 2 gives the entries at once, as a list of pairs.
            foreach (object? pair in pairs)
            {
                IList<object?> two = pair as IList<object?> ?? throw BadCall(maker.Name);
                Spend(1);
                SetItem(dict, two.Count == 2 ? two[0] : throw BadCall(maker.Name), two[1]);
            }
        }
        else if (arguments is not [])
        {
            throw BadCall(maker.Name);
        }

        return dict;
    }

    private List<object?> CopyList(List<object?> items)
    {
        Spend(items.Count);
        return [.. items];
    }

    private PickledTensor MakeTensor(PickledStorage storage, TensorDType dtype, long offset, object? shape, object? strides) =>
        PickledTensor.Create(storage, dtype, offset, Sizes(shape), Sizes(strides), out string fault) ?? throw input.Fault(fault);

    private long[] Sizes(object? list)
    {
        IList<object?> items = list as IList<object?> ?? throw input.Fault("a shape is not a tuple of numbers");
        Spend(items.Count);
        return [.. items.Select(item => item is long size ? size : throw input.Fault("a shape is not a tuple of numbers"))];
    }

    private byte[] EncodeText(PickleGlobal maker, string text)
    {
        Spend(text.Length / 64);
        return text.All(c => c < 256) ? Encoding.Latin1.GetBytes(text) : throw BadCall(maker.Name);
    }

    private void Build(object? target, object? state)
    {
        if (state is object?[] and [var attributes, PickleDict or null])
        {
            // The pair of an object with slots; tensors and dicts have none.
            state = attributes;
        }

        switch (target)
        {
            case PickleDict { IsNamespace: true } space when state is PickleDict entries:
                foreach ((object? key, object? value) in entries.Entries)
                {
                    Spend(1);
                    SetItem(space, key, value);
                }

                break;
            case PickleDict dict when state is PickleDict entries:
                dict.Attributes = entries;
                break;
            case NumpyType type when state is object?[] { Length: >= 2 } and [_, string order, ..]:
                if (order == ">")
                {
                    throw new InputException($"{input.Path}: a numpy value is big-endian, which is not supported.");
                }

                break;
            case PickledTensor when state is PickleDict or null:
                break;
            default:
                throw input.Fault("an object's state is set that has none");
        }
    }

    private InputException BadCall(string name) => input.Fault($"{MessageText.Quote(name)} with arguments that it does not take");
}
