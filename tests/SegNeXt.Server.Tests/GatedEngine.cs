using System.Collections.Concurrent;
using SegNeXt.Core;

namespace SegNeXt.Server.Tests;

/// <summary>An engine that works only when told to: bright pixels are class 1, dark ones class 0.</summary>
internal sealed class GatedEngine : IPictureEngine, IDisposable
{
    private readonly SemaphoreSlim _gate = new(0);
    private readonly SemaphoreSlim _entered = new(0);
    private int _inside;

    /// <summary>Makes one.</summary>
    /// <param name="isOpen">Whether it works without being told.</param>
    public GatedEngine(bool isOpen = false) => IsOpen = isOpen;

    public ModelConfig Config { get; } = ModelConfig.Preset("t", 2) with { ClassNames = ["dark", "bright"], Palette = [0x102030, 0xF0E0D0] };

    /// <summary>Whether it works without being told.</summary>
    public bool IsOpen { get; }

    /// <summary>The most calls at a time so far.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>How many calls were cancelled.</summary>
    public int Cancelled { get; private set; }

    /// <summary>What calls asked for.</summary>
    public ConcurrentQueue<TestOptions> Seen { get; } = new();

    public void Require(int width, int height, TestOptions test)
    {
    }

    /// <summary>Lets calls through.</summary>
    /// <param name="count">How many.</param>
    public void Release(int count = 1) => _gate.Release(count);

    /// <summary>Waits until a call has come in.</summary>
    public async Task EnteredAsync() => Assert.True(await _entered.WaitAsync(TimeSpan.FromMinutes(1)), "No picture has come to the engine.");

    public LabelMap Segment(RgbImage image, TestOptions test, CancellationToken cancellation)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _inside));
        Seen.Enqueue(test);
        _entered.Release();
        try
        {
            if (!IsOpen)
            {
                _gate.Wait(cancellation);
            }

            return Expected(image);
        }
        catch (OperationCanceledException)
        {
            Cancelled++;
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public void Dispose()
    {
        _gate.Dispose();
        _entered.Dispose();
    }

    /// <summary>What it answers.</summary>
    /// <param name="image">The picture.</param>
    public static LabelMap Expected(RgbImage image)
    {
        LabelMap map = new(image.Width, image.Height);
        for (int i = 0; i < map.Ids.Length; i++)
        {
            map.Ids[i] = (byte)(image.Pixels[i * 3] >> 7);
        }

        return map;
    }
}
