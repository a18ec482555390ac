namespace SegNeXt.Core;

/// <content>Lists, tuples, dicts and sets.</content>
internal sealed partial class PickleMachine
{
    private bool RunContainer(byte opcode)
    {
        switch (opcode)
        {
            case (byte)']' or 0x8f:
                Push(new List<object?>());
                return true;
            case (byte)')':
                Push(Array.Empty<object?>());
                return true;
            case (byte)'}':
                Push(new PickleDict());
                return true;
            case (byte)'t':
                Push(PopToMark());
                return true;
            case 0x85 or 0x86 or 0x87:
                PushTuple(opcode - 0x84);
                return true;

            // LIST and FROZENSET: a set is a list here, since nobody asks whether it holds something.
            case (byte)'l' or 0x91:
                Push(new List<object?>(PopToMark()));
                return true;
            case (byte)'d':
                object?[] pairs = PopToMark();
                PickleDict dict = new();
                SetItems(dict, pairs);
                Push(dict);
                return true;
            case (byte)'a':
                object? item = Pop();
                PeekList().Add(item);
                return true;
            case (byte)'e' or 0x90:
                object?[] items = PopToMark();
                PeekList().AddRange(items);
                return true;
            case (byte)'s':
                object? value = Pop();
                object? key = Pop();
                SetItems(PeekDict(), [key, value]);
                return true;
            case (byte)'u':
                object?[] entries = PopToMark();
                SetItems(PeekDict(), entries);
                return true;
            default:
                return false;
        }
    }

    private void PushTuple(int count)
    {
        object?[] tuple = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            tuple[i] = Pop();
        }

        Push(tuple);
    }

    private void SetItems(PickleDict dict, object?[] keysAndValues)
    {
        if (keysAndValues.Length % 2 != 0)
        {
            throw input.Fault("a dict's key has no value");
        }

        for (int i = 0; i < keysAndValues.Length; i += 2)
        {
            SetItem(dict, keysAndValues[i], keysAndValues[i + 1]);
        }
    }

    private void SetItem(PickleDict dict, object? key, object? value)
    {
        if (!PickleKey.TryCreate(key, out PickleKey wrapped))
        {
            throw input.Fault("a dict's key is not a plain value");
        }

        Spend(wrapped.Cost);
        dict.Set(wrapped, value);
    }

    private List<object?> PeekList() => Peek() as List<object?> ?? throw input.Fault("items are added to what is not a list");

    private PickleDict PeekDict() => Peek() as PickleDict ?? throw input.Fault("entries are set in what is not a dict");
}
