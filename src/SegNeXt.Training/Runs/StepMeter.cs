using System.Diagnostics;

namespace SegNeXt.Training;

/// <summary>Measures speed between two log lines, evaluations and checkpoints left out.</summary>
internal sealed class StepMeter
{
    private readonly int _imagesPerStep;
    private long _start = Stopwatch.GetTimestamp();
    private int _steps;
    private double _seconds;
    private double _dataSeconds;

    public StepMeter(int imagesPerStep)
    {
        _imagesPerStep = imagesPerStep;
    }

    /// <summary>What was measured since the last reading.</summary>
    /// <param name="ImagesPerSecond">Images trained per second.</param>
    /// <param name="SecondsPerStep">Seconds of a step, waiting for data included.</param>
    /// <param name="DataSeconds">Seconds of a step spent waiting for data.</param>
    public readonly record struct Reading(double ImagesPerSecond, double SecondsPerStep, double DataSeconds);

    /// <summary>Adds time spent waiting for data in the step under way.</summary>
    public void AddData(double seconds) => _dataSeconds += seconds;

    /// <summary>A step has ended.</summary>
    public void AddStep()
    {
        _seconds += Stopwatch.GetElapsedTime(_start).TotalSeconds;
        _start = Stopwatch.GetTimestamp();
        _steps++;
    }

    /// <summary>Starts the clock again after work that is no step.</summary>
    public void Restart() => _start = Stopwatch.GetTimestamp();

    /// <summary>The reading since the last one.</summary>
    public Reading Take()
    {
        double seconds = Math.Max(_seconds, 1e-9);
        var reading = new Reading(_imagesPerStep * _steps / seconds, seconds / Math.Max(_steps, 1), _dataSeconds / Math.Max(_steps, 1));
        (_steps, _seconds, _dataSeconds) = (0, 0, 0);
        return reading;
    }
}
