using System.Collections;

namespace SegNeXt.Torch;

/// <summary>Modules in order, named "0", "1", … in the keys, as <c>torch.nn.ModuleList</c>.</summary>
/// <typeparam name="T">Type of the modules.</typeparam>
public sealed class ModuleList<T> : Module, IReadOnlyList<T>
    where T : Module
{
    private readonly List<T> _modules = [];

    /// <summary>An empty list.</summary>
    public ModuleList()
    {
    }

    /// <summary>A list of modules, which it owns from now on.</summary>
    /// <param name="modules">The modules.</param>
    public ModuleList(IEnumerable<T> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        foreach (T module in modules)
        {
            Add(module);
        }
    }

    /// <inheritdoc/>
    public int Count => _modules.Count;

    /// <inheritdoc/>
    public T this[int index] => _modules[index];

    /// <summary>Appends a module, which the list owns from now on.</summary>
    /// <param name="module">The module.</param>
    public void Add(T module) => _modules.Add(RegisterModule(_modules.Count.ToString(), module));

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
