using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>
/// Segments pictures and writes their results; a picture that fails is named and the others go on. While the network works,
/// the next picture is read and the results of the one before are written: three pictures at most are held, however many
/// there are, and what is said comes in their order.
/// </summary>
/// <param name="segmenter">The network with its test-time strategy.</param>
/// <param name="classes">Names and colours for overlays.</param>
/// <param name="format">How ids are written.</param>
/// <param name="terminal">Where progress and failures go.</param>
/// <param name="choice">Which pictures are segmented by strips; null for none.</param>
/// <param name="strips">Does that.</param>
internal sealed class PredictRunner(
    TestTimeSegmenter segmenter, ClassSet classes, IdFormat format, Terminal terminal, StripChoice? choice = null, StripPrediction? strips = null)
{
    /// <summary>Does the planned work.</summary>
    /// <param name="plans">Pictures and where their results go; the folders exist.</param>
    /// <returns>Number of pictures that failed.</returns>
    /// <exception cref="OperationCanceledException">The user interrupted; results written so far stay.</exception>
    public int Run(IReadOnlyList<OutputPlan> plans)
    {
        int failed = 0;
        WorkProgress.Run(terminal, "Predicting", plans.Count, progress =>
        {
            Task<Reading>? next = ReadAhead(plans, 0);
            Task<InputException?>? writing = null;
            try
            {
                for (int i = 0; i < plans.Count; i++)
                {
                    terminal.Cancellation.ThrowIfCancellationRequested();
                    Task<Reading> image = next!;
                    Task.WaitAny(image);
                    next = ReadAhead(plans, i + 1);
                    Task<InputException?>? before = writing;
                    writing = Predict(plans[i], image, progress);
                    Settle(before);
                }

                Settle(writing);
            }
            finally
            {
                // What is being written is finished, whatever ended the loop.
                if (writing is not null)
                {
                    Task.WaitAny(writing);
                }
            }

            void Settle(Task<InputException?>? done)
            {
                if (done is null)
                {
                    return;
                }

                if (done.GetAwaiter().GetResult() is { } fault)
                {
                    terminal.Warn(fault.Message);
                    failed++;
                }

                progress.Advance();
            }
        });
        return failed;
    }

    private Task<Reading>? ReadAhead(IReadOnlyList<OutputPlan> plans, int index) =>
        index < plans.Count ? Task.Run(() => Read(plans[index])) : null;

    private Reading Read(OutputPlan plan) =>
        choice?.For(plan) is { } note ? new Reading(null, note) : new Reading(ImageFile.ReadRgb(plan.Input), "");

    /// <summary>Runs the network and begins to write.</summary>
    /// <returns>What failed, or null, once all is written.</returns>
    private Task<InputException?> Predict(OutputPlan plan, Task<Reading> reading, WorkProgress progress)
    {
        try
        {
            (RgbImage? image, string note) = reading.GetAwaiter().GetResult();
            if (image is null)
            {
                ByStrips(plan, note, progress);
                return Task.FromResult<InputException?>(null);
            }

            Prediction prediction = Segment(image, plan);
            if (plan.Probabilities is null && plan.Logits is null)
            {
                return Task.Run(() => TryWrite(plan, image, prediction));
            }

            // Scores are many times larger than anything else: they go before the next picture's come.
            return Task.FromResult(TryWrite(plan, image, prediction));
        }
        catch (Exception error) when (FaultOf(error, plan) is { } fault)
        {
            return Task.FromResult<InputException?>(fault);
        }
    }

    private void ByStrips(OutputPlan plan, string note, WorkProgress progress)
    {
        if (note.Length > 0)
        {
            terminal.Note(note);
        }

        strips!.Run(plan, progress);
    }

    private Prediction Segment(RgbImage image, OutputPlan plan)
    {
        PredictOutputs wanted = PredictOutputs.Ids
            | (plan.Probabilities is null ? 0 : PredictOutputs.Probabilities)
            | (plan.Logits is null ? 0 : PredictOutputs.Logits);
        try
        {
            return segmenter.Predict(image, wanted, terminal.Cancellation);
        }
        catch (Exception error) when (PictureFault.Of(error, plan.Input) is { } fault)
        {
            throw fault;
        }
    }

    private InputException? TryWrite(OutputPlan plan, RgbImage image, Prediction prediction)
    {
        try
        {
            Write(plan, image, prediction);
            return null;
        }
        catch (Exception error) when (FaultOf(error, plan) is { } fault)
        {
            return fault;
        }
    }

    private void Write(OutputPlan plan, RgbImage image, Prediction prediction)
    {
        LabelMap ids = prediction.Ids!;

        // The ids come last: where they are, the rest is too.
        if (plan.Probabilities is { } probabilities)
        {
            NpyWriter.Write(probabilities, prediction.Probabilities!);
        }

        if (plan.Logits is { } logits)
        {
            NpyWriter.Write(logits, prediction.Logits!);
        }

        if (plan.Overlay is { } overlay)
        {
            PngWriter.WriteRgb(overlay, Overlay.WithLegend(image, ids, classes.Names, classes.Palette));
        }

        format.Write(plan.Ids, ids);
    }

    /// <summary>The picture's own fault, which leaves the others alone; its sentence names a file already where it is an input's.</summary>
    private static InputException? FaultOf(Exception error, OutputPlan plan) => error as InputException ?? PictureFault.Of(error, plan.Input);

    /// <summary>A picture, or null for one that is read by strips, and what to say then.</summary>
    private sealed record Reading(RgbImage? Image, string Note);
}
