using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// A network's forward pass on a GPU, recorded at the first picture of a size and replayed for those that follow. One size
/// is kept: another one is recorded in its place.
/// </summary>
/// <param name="forward">The pass, in evaluation.</param>
/// <param name="device">The GPU.</param>
internal sealed class RecordedNetwork(Func<Tensor, Tensor> forward, Device device) : IDisposable
{
    /// <summary>Passes before the recording, in which libraries choose and set up what they use.</summary>
    private const int WarmUps = 3;

    private CudaGraph? _graph;
    private Tensor? _input;
    private Tensor? _output;

    /// <summary>Computes the network.</summary>
    /// <param name="x">Normalised pictures on the GPU.</param>
    /// <returns>The logits, which the next call overwrites; a new object.</returns>
    public Tensor Run(Tensor x)
    {
        if (_graph is null || !_input!.Shape.AsSpan().SequenceEqual(x.Shape))
        {
            Record(x);
        }

        _input!.CopyFrom_(x);
        _graph!.Replay();
        return _output!.Detach();
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();

    private void Record(Tensor x)
    {
        Forget();
        using TensorScope scope = new();
        Tensor input = x.Clone();
        for (int i = 0; i < WarmUps; i++)
        {
            using TensorScope inner = new();
            forward(input);
        }

        TorchRuntime.Synchronize(device);
        Tensor? output = null;
        _graph = CudaGraph.Record(device, () => output = forward(input));
        (_input, _output) = (input, output!);
        _input.LeaveScopes();
        _output.LeaveScopes();
    }

    private void Forget()
    {
        _graph?.Dispose();
        _input?.Dispose();
        _output?.Dispose();
        (_graph, _input, _output) = (null, null, null);
    }
}
