using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// What of a training step concerns the other ranks: all go on or stop at the same iteration, gradients are averaged, batch norms
/// see the whole batch, and the loss is the whole batch's. For a process on its own it does nothing.
/// </summary>
internal sealed class RankedStep : IDisposable
{
    private readonly Ranks _ranks;
    private readonly Network _model;
    private readonly Tensor[] _parameters;
    private GradientReducer? _reducer;

    /// <summary>Prepares the steps of a run, and gives every rank rank 0's part in them.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="model">The network, on its device and in its layout.</param>
    /// <param name="parameters">What of it learns.</param>
    /// <param name="generator">What it draws from; gets this rank's share.</param>
    /// <param name="batch">Images of all ranks.</param>
    public RankedStep(Ranks ranks, Network model, IEnumerable<Tensor> parameters, Generator generator, int batch)
    {
        (_ranks, _model, _parameters) = (ranks, model, [.. parameters]);
        BatchShare share = ranks.Share(batch);
        generator.Share = ranks.IsTogether ? share : null;

        // The gradient is the mean of the ranks' gradients. A loss is a mean over this rank's images: the share makes the whole
        // the mean over all, also where one has an image more than another.
        LossFactor = (double)share.Count * ranks.Size / share.Total;
    }

    /// <summary>What this rank's loss is multiplied with.</summary>
    public double LossFactor { get; }

    /// <summary>From here on steps are common; before, a rank may try the network out by itself.</summary>
    public void Connect()
    {
        if (_ranks.IsTogether && _reducer is null)
        {
            SyncBatchNorm.Convert(_model, _ranks.Statistics);
            foreach (ExpectationMaximisationRounds rounds in _model.NamedModules().Select(entry => entry.Value).OfType<ExpectationMaximisationRounds>())
            {
                rounds.Group = _ranks.Statistics;
            }

            _reducer = new GradientReducer(_ranks.Gradients!, _parameters);
        }
    }

    /// <summary>The first batch of a step, where all ranks have theirs.</summary>
    /// <param name="loader">Gives it.</param>
    /// <param name="cancellation">Ends the wait, or where there are other ranks, the run after it.</param>
    /// <exception cref="InputException">A rank cannot load its batch; no rank's weights have changed.</exception>
    /// <exception cref="OperationCanceledException">A rank was told to stop; no rank's weights have changed.</exception>
    public Batch First(DataLoader loader, CancellationToken cancellation)
    {
        if (!_ranks.IsTogether)
        {
            return loader.Next(cancellation);
        }

        Batch? batch = null;
        InputException? fault = null;
        try
        {
            batch = loader.Next(CancellationToken.None);
        }
        catch (InputException error)
        {
            fault = error;
        }

        _ranks.Agree(cancellation.IsCancellationRequested, fault);
        return batch!;
    }

    /// <summary>Has the last backward pass of a step average the gradients.</summary>
    /// <param name="loss">What the pass starts from.</param>
    /// <param name="last">Whether it is the last.</param>
    public void BeforeBackward(Tensor loss, bool last)
    {
        if (last)
        {
            _reducer?.Prepare(loss);
        }
    }

    /// <summary>The loss of the whole batch.</summary>
    /// <param name="read">This rank's, multiplied with its factor.</param>
    /// <exception cref="InputException">A rank's is no number.</exception>
    public double Loss(Func<double> read)
    {
        if (!_ranks.IsTogether)
        {
            return read();
        }

        double own = 0;
        InputException? fault = null;
        try
        {
            own = read();
        }
        catch (InputException error)
        {
            fault = error;
        }

        return _ranks.Agree(false, fault, own) / _ranks.Size;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ranks.IsAbandoned)
        {
            _reducer?.Abandon();
        }

        _reducer?.Dispose();
    }
}
