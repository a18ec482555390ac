using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Training;

namespace SegNeXt.Cli;

/// <summary>Segments pictures and writes their results; a picture that fails is named and the others go on.</summary>
/// <param name="segmenter">The network with its test-time strategy.</param>
/// <param name="classes">Names and colours for overlays.</param>
/// <param name="format">How ids are written.</param>
/// <param name="terminal">Where progress and failures go.</param>
internal sealed class PredictRunner(TestTimeSegmenter segmenter, ClassSet classes, IdFormat format, Terminal terminal)
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
            foreach (OutputPlan plan in plans)
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                if (!TryPredict(plan))
                {
                    failed++;
                }

                progress.Advance();
            }
        });
        return failed;
    }

    private bool TryPredict(OutputPlan plan)
    {
        try
        {
            Predict(plan);
            return true;
        }
        catch (InputException error)
        {
            terminal.Warn(error.Message);
        }
        catch (Exception error) when (PictureFault.Of(error, plan.Input) is { } fault)
        {
            terminal.Warn(fault.Message);
        }

        return false;
    }

    private void Predict(OutputPlan plan)
    {
        RgbImage image = ImageFile.ReadRgb(plan.Input);
        PredictOutputs wanted = PredictOutputs.Ids
            | (plan.Probabilities is null ? 0 : PredictOutputs.Probabilities)
            | (plan.Logits is null ? 0 : PredictOutputs.Logits);
        Prediction prediction = Segment(image, wanted, plan.Input);
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

    private Prediction Segment(RgbImage image, PredictOutputs wanted, string path)
    {
        try
        {
            return segmenter.Predict(image, wanted, terminal.Cancellation);
        }
        catch (Exception error) when (PictureFault.Of(error, path) is { } fault)
        {
            throw fault;
        }
    }
}
