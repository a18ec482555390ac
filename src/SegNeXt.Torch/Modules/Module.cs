namespace SegNeXt.Torch;

/// <summary>A part of a network: named parameters, buffers and child modules, and a mode.</summary>
/// <remarks>
/// The names, joined by dots, are the keys of PyTorch's <c>state_dict</c>. Registered tensors belong to the module, which
/// disposes them; conversions replace their data in place, so that references to them stay valid.
/// </remarks>
public abstract class Module : IDisposable
{
    private readonly List<KeyValuePair<string, Tensor>> _parameters = [];
    private readonly List<KeyValuePair<string, Tensor>> _buffers = [];
    private readonly List<KeyValuePair<string, Module>> _children = [];

    /// <summary>Whether the module behaves as in training (batch statistics, dropout); true at first.</summary>
    public bool Training { get; private set; } = true;

    /// <summary>Sets the mode of this module and all below it.</summary>
    /// <param name="mode">Training, or else evaluation.</param>
    public virtual void Train(bool mode = true)
    {
        Training = mode;
        foreach ((_, Module child) in _children)
        {
            child.Train(mode);
        }
    }

    /// <summary>Sets evaluation mode: <c>Train(false)</c>.</summary>
    public void Eval() => Train(false);

    /// <summary>This module under the empty name and all below it, each before its children.</summary>
    public IEnumerable<KeyValuePair<string, Module>> NamedModules()
    {
        yield return new(string.Empty, this);
        foreach ((string name, Module child) in _children)
        {
            foreach ((string below, Module module) in child.NamedModules())
            {
                yield return new(Join(name, below), module);
            }
        }
    }

    /// <summary>Parameters of this module and all below it, in PyTorch's order.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedParameters() => Collect(static module => module._parameters);

    /// <summary>Buffers of this module and all below it, in PyTorch's order.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedBuffers() => Collect(static module => module._buffers);

    /// <summary>
    /// What a weight file holds, in the order of PyTorch's <c>state_dict</c>: a module's parameters, its buffers, then its
    /// children in the order of registration.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Tensor>> StateTensors() =>
        Collect(static module => module._parameters.Concat(module._buffers));

    /// <summary>Moves parameters and buffers to a device and drops gradients.</summary>
    /// <param name="device">The device.</param>
    public void To(Device device) => Convert(tensor => tensor.To(device));

    /// <summary>Converts floating-point parameters and buffers to a type and drops gradients.</summary>
    /// <param name="type">A floating-point type.</param>
    /// <exception cref="ArgumentException">The type is not a floating-point one.</exception>
    public void To(ScalarType type)
    {
        if (!type.IsFloatingPoint())
        {
            throw new ArgumentException($"Parameters cannot be {type}.", nameof(type));
        }

        Convert(tensor => tensor.Type.IsFloatingPoint() ? tensor.To(type) : null);
    }

    /// <summary>Rearranges parameters and buffers with four dimensions, and drops gradients.</summary>
    /// <param name="format">The order in memory.</param>
    public void To(MemoryFormat format) => Convert(tensor => tensor.Rank == 4 ? tensor.To(format) : null);

    /// <summary>Drops the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        using HandleList handles = new([.. NamedParameters().Select(static pair => pair.Value)]);
        Native.ClearGrads(handles.Pointers, handles.Count);
    }

    /// <summary>Disposes parameters, buffers and child modules.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes ownership of a tensor that is learned.</summary>
    /// <param name="name">Last part of its key; unique in the module.</param>
    /// <param name="tensor">A leaf of floating-point type; leaves all scopes and starts to record gradients.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    protected Tensor RegisterParameter(string name, Tensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Claim(name);
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.RequiresGrad_();
        tensor.LeaveScopes();
        _parameters.Add(new(name, tensor));
        return tensor;
    }

    /// <summary>Takes ownership of a tensor that is state but is not learned.</summary>
    /// <param name="name">Last part of its key; unique in the module.</param>
    /// <param name="tensor">Any tensor; leaves all scopes.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    protected Tensor RegisterBuffer(string name, Tensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Claim(name);
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.LeaveScopes();
        _buffers.Add(new(name, tensor));
        return tensor;
    }

    /// <summary>Takes ownership of a child module.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">
    /// Its part of the keys; unique in the module. Empty puts the child's keys among this module's own, without a prefix.
    /// </param>
    /// <param name="module">The child.</param>
    /// <returns>The child.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    protected T RegisterModule<T>(string name, T module)
        where T : Module
    {
        Claim(name);
        ArgumentNullException.ThrowIfNull(module);
        module.Train(Training);
        _children.Add(new(name, module));
        return module;
    }

    /// <summary>Disposes what the module owns.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> asks.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        foreach ((_, Tensor tensor) in _parameters.Concat(_buffers))
        {
            tensor.Dispose();
        }

        foreach ((_, Module child) in _children)
        {
            child.Dispose();
        }
    }

    private IEnumerable<KeyValuePair<string, Tensor>> Collect(
        Func<Module, IEnumerable<KeyValuePair<string, Tensor>>> own)
    {
        foreach ((string prefix, Module module) in NamedModules())
        {
            foreach ((string name, Tensor tensor) in own(module))
            {
                yield return new(Join(prefix, name), tensor);
            }
        }
    }

    // Replaces the data of every tensor for which the conversion gives another one.
    private void Convert(Func<Tensor, Tensor?> conversion)
    {
        using GradMode noGrad = Autograd.NoGrad();
        using TensorScope scope = new();
        foreach ((_, Tensor tensor) in StateTensors())
        {
            if (conversion(tensor) is Tensor converted)
            {
                tensor.ClearGrad();
                tensor.SetData(converted);
            }
        }
    }

    private static string Join(string prefix, string name) =>
        prefix.Length == 0 ? name : name.Length == 0 ? prefix : $"{prefix}.{name}";

    private void Claim(string name)
    {
        if (_parameters.Concat(_buffers).Any(pair => pair.Key == name) || _children.Any(pair => pair.Key == name))
        {
            throw new ArgumentException($"The module already has something named \"{name}\".", nameof(name));
        }
    }
}
