namespace SegNeXt.Core;

/// <summary>Finds the model's state dict in a checkpoint's object tree.</summary>
internal static class StateDict
{
    private const string Module = "module.";

    /// <summary>Where training programs put it, most wanted first.</summary>
    private static readonly string[] s_places = ["state_dict", "model", "model_state_dict", "state_dict_ema", "model_ema", "ema_state_dict", "net"];

    /// <summary>The model's tensors by name, without the <c>module.</c> that data-parallel training puts before each.</summary>
    /// <param name="root">The checkpoint.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="place">The key that the tensors were found under; empty for the root itself.</param>
    /// <exception cref="InputException">There are no named tensors, or two share a name.</exception>
    public static List<KeyValuePair<string, PickledTensor>> Find(object? root, string path, out string place)
    {
        if (root is PickleDict dict)
        {
            foreach (string key in s_places)
            {
                if (dict.Get<PickleDict>(key) is { } candidate && HasTensors(candidate))
                {
                    place = key;
                    return Named(candidate, path);
                }
            }

            if (HasTensors(dict))
            {
                place = "";
                return Named(dict, path);
            }
        }

        throw new InputException($"{path}: the checkpoint holds no state dict: neither its root nor its entry 'state_dict' or 'model' is a dict of named tensors.");
    }

    private static bool HasTensors(PickleDict dict) => dict.Entries.Any(entry => entry is { Key: string, Value: PickledTensor });

    private static List<KeyValuePair<string, PickledTensor>> Named(PickleDict dict, string path)
    {
        List<KeyValuePair<string, PickledTensor>> tensors = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((object? key, object? value) in dict.Entries)
        {
            if (key is not string name || value is not PickledTensor tensor)
            {
                continue;
            }

            while (name.StartsWith(Module, StringComparison.Ordinal))
            {
                name = name[Module.Length..];
            }

            tensors.Add(names.Add(name)
                ? new(name, tensor)
                : throw new InputException($"{path}: two tensors are named {MessageText.Quote(name)} once 'module.' is taken off."));
        }

        return tensors;
    }
}
