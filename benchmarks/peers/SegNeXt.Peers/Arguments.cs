namespace SegNeXt.Peers;

/// <summary>A command line of <c>--name value</c> pairs.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public Arguments(string[] words)
    {
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            _values[words[i]] = words[i + 1];
        }
    }

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    public string Text(string name) => _values.TryGetValue(name, out string? value) ? value : throw new ArgumentException($"{name} is missing.");

    public int Whole(string name, int otherwise) => _values.TryGetValue(name, out string? value) ? int.Parse(value) : otherwise;
}
