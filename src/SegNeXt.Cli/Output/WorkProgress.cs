using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace SegNeXt.Cli;

/// <summary>Tells how far a known amount of work is: a bar on a terminal, a plain line now and then elsewhere.</summary>
internal sealed class WorkProgress
{
    /// <summary>Time between two plain lines.</summary>
    private static readonly TimeSpan s_plainInterval = TimeSpan.FromSeconds(10);

    private readonly Terminal _terminal;
    private readonly string _title;
    private readonly int _total;
    private readonly ProgressTask? _bar;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _told;
    private int _done;
    private double _part;
    private TimeSpan? _started;

    private WorkProgress(Terminal terminal, string title, int total, ProgressTask? bar)
    {
        _terminal = terminal;
        _title = title;
        _total = total;
        _bar = bar;
    }

    /// <summary>Does work while progress is shown.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="title">What is done, such as <c>Predicting</c>.</param>
    /// <param name="total">Number of steps.</param>
    /// <param name="work">Does the work and calls <see cref="Advance"/> after each step.</param>
    public static void Run(Terminal terminal, string title, int total, Action<WorkProgress> work)
    {
        if (terminal.Quiet || !terminal.ErrorIsTerminal)
        {
            work(new WorkProgress(terminal, title, total, null));
            return;
        }

        terminal.ErrorConsole.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .Start(context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(title), maxValue: Math.Max(1, total));
                work(new WorkProgress(terminal, title, total, bar));
            });
    }

    /// <summary>A step is done.</summary>
    public void Advance()
    {
        _done++;
        (_part, _started) = (0, null);
        if (_bar is not null)
        {
            _bar.Value = _done;
            _bar.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{_title} {_done} of {_total}"));
        }
        else if (_clock.Elapsed - _told >= s_plainInterval && _done < _total)
        {
            _told = _clock.Elapsed;
            TimeSpan left = _clock.Elapsed / _done * (_total - _done);
            _terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{_title}: {_done} of {_total}, {Duration(left)} left"));
        }
    }

    /// <summary>A long step is on its way.</summary>
    /// <param name="name">What the step is, such as a picture's path.</param>
    /// <param name="unit">What it is made of, such as rows.</param>
    /// <param name="done">How many of those are done.</param>
    /// <param name="total">How many there are; 0 where nobody knows.</param>
    /// <param name="note">What else to say, or null.</param>
    public void Within(string name, string unit, long done, long total, string? note = null)
    {
        double part = total > 0 ? Math.Min((double)done / total, 1) : 0;
        if (_bar is not null)
        {
            // It goes back where a step has two rounds.
            _bar.Value = _done + part;
            if (note is not null)
            {
                _bar.Description = Markup.Escape($"{_title} {Path.GetFileName(name)}, {note}");
            }
        }
        else if (part < _part || _started is null)
        {
            // A round begins.
            _started = _clock.Elapsed;
        }
        else if (_clock.Elapsed - _told >= s_plainInterval && (total == 0 || (done < total && done > 0)))
        {
            _told = _clock.Elapsed;
            string left = total == 0 ? "" : $" of {total}";
            string rest = total == 0 ? "" : $", {Duration((_clock.Elapsed - _started.Value) / part * (1 - part))} left";
            _terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{name}: {done}{left} {unit}{(note is null ? "" : $", {note}")}{rest}"));
        }

        _part = part;
    }

    /// <summary>A time span as people say it.</summary>
    /// <param name="span">Not negative.</param>
    public static string Duration(TimeSpan span) => span.TotalSeconds < 90
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s")
        : span.TotalMinutes < 90
            ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.0} h");
}
