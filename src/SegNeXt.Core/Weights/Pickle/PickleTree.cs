namespace SegNeXt.Core;

/// <summary>Makes sure that an unpickled object is a finite tree, so that whoever walks it later comes to an end.</summary>
internal static class PickleTree
{
    /// <summary>Deepest nesting of containers allowed.</summary>
    public const int MaxDepth = 200;

    /// <summary>Checks an object; shared parts are looked at once.</summary>
    /// <returns>The object.</returns>
    /// <exception cref="InputException">A container holds itself, the nesting is too deep, or a bare name is left.</exception>
    public static object? Check(object? root, PickleInput input)
    {
        Visit(root, input, new Dictionary<object, int>(ReferenceEqualityComparer.Instance), 0);
        return root;
    }

    /// <summary>Height of an object above its leaves; recursion ends at <see cref="MaxDepth"/>.</summary>
    private static int Visit(object? value, PickleInput input, Dictionary<object, int> heights, int depth)
    {
        const int Open = -1;
        if (value is PickleGlobal global)
        {
            throw input.Fault($"{MessageText.Quote(global.Name)} stands where a value belongs");
        }

        if (value is not (PickleDict or List<object?> or object?[]))
        {
            return 0;
        }

        if (heights.TryGetValue(value, out int known))
        {
            if (known == Open)
            {
                throw input.Fault("a container holds itself");
            }

            return depth + known <= MaxDepth ? known : throw TooDeep(input);
        }

        if (depth >= MaxDepth)
        {
            throw TooDeep(input);
        }

        heights[value] = Open;
        int height = 0;
        foreach (object? child in Children(value))
        {
            height = Math.Max(height, Visit(child, input, heights, depth + 1));
        }

        heights[value] = height + 1;
        return height + 1;
    }

    private static IEnumerable<object?> Children(object value) => value switch
    {
        PickleDict dict => dict.Entries.Select(entry => entry.Value).Append(dict.Attributes),
        IEnumerable<object?> items => items,
        _ => [],
    };

    private static InputException TooDeep(PickleInput input) => input.Fault($"containers are nested more than {MaxDepth} deep");
}
