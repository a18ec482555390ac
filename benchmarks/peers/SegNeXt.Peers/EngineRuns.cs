using System.Runtime.InteropServices;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.Inference;

namespace SegNeXt.Peers;

/// <summary>One engine on one task.</summary>
internal interface IEngineRun : IDisposable
{
    /// <summary>The engine's version.</summary>
    string Version { get; }

    /// <summary>Does the task once.</summary>
    void Run();

    /// <summary>What the last run gave: logits float32 <c>[K, h, w]</c>, or class ids <c>[H, W]</c>.</summary>
    byte[] Result();
}

/// <summary>Opens the engine and task that a command line names.</summary>
internal static class EngineRuns
{
    public static IEngineRun Open(Arguments arguments)
    {
        (string engine, string task, int threads) = (arguments.Text("--engine"), arguments.Text("--task"), arguments.Whole("--threads", 2));
        (int height, int width) = (arguments.Whole("--height", 512), arguments.Whole("--width", 512));
        byte[] picture = File.ReadAllBytes(arguments.Text("--picture"));
        if (engine == "managed")
        {
            ManagedSegmenter segmenter = ManagedSegmenter.Open(arguments.Text("--weights"), threads);
            return task == "network" ? new ManagedNetwork(segmenter, new RgbImage(width, height, picture)) : new ManagedChain(segmenter, picture);
        }

        OnnxRuntimeLibrary.Load(arguments.Text("--library"));
        string file = arguments.Text("--onnx");
        bool spinning = arguments.Text("--spinning", "yes") == "yes";
        return task switch
        {
            "network" => new OnnxNetwork(new OnnxSession(file, "image", "logits", threads, spinning), new RgbImage(width, height, picture), threads),
            "chain" => new OnnxChain(new OnnxSession(file, "image", "logits", threads, spinning), picture, threads),
            "chain-argmax" => new OnnxArgMaxChain(new OnnxSession(file, "image", "class_ids", threads, spinning), picture, threads),
            _ => throw new ArgumentException($"There is no task {task}."),
        };
    }

    /// <summary>The network alone: 8-bit pixels in, logits out. What the others are spared, the normalisation, is in it.</summary>
    private sealed class ManagedNetwork(ManagedSegmenter segmenter, RgbImage picture) : IEngineRun
    {
        private readonly float[] _logits = new float[segmenter.Config.NumClasses * ((picture.Height + 7) / 8) * ((picture.Width + 7) / 8)];

        public string Version => segmenter.Level.ToString();

        public void Run() => segmenter.Forward(new PixelView(picture.Pixels, picture.Width, picture.Height), _logits);

        public byte[] Result() => MemoryMarshal.AsBytes(_logits.AsSpan()).ToArray();

        public void Dispose() => segmenter.Dispose();
    }

    /// <summary>A JPEG's bytes in, class ids at the picture's size out.</summary>
    private sealed class ManagedChain(ManagedSegmenter segmenter, byte[] file) : IEngineRun
    {
        private byte[] _ids = [];

        public string Version => segmenter.Level.ToString();

        public void Run() => _ids = segmenter.Segment(ImageFile.ReadRgb(file, "picture.jpg")).Ids;

        public byte[] Result() => _ids;

        public void Dispose() => segmenter.Dispose();
    }

    /// <summary>The network alone: normalised planes in, logits out.</summary>
    private sealed class OnnxNetwork(OnnxSession session, RgbImage picture, int threads) : IEngineRun
    {
        private readonly float[] _planes = NormalisedPlanes.From(picture, threads);
        private readonly long[] _shape = [1, 3, picture.Height, picture.Width];
        private float[] _logits = [];

        public string Version => OnnxRuntimeLibrary.Version!;

        public void Run() => session.Run<float>(_planes, _shape, (values, _) =>
        {
            if (_logits.Length != values.Length)
            {
                _logits = values.ToArray();
            }
        });

        public byte[] Result() => MemoryMarshal.AsBytes(_logits.AsSpan()).ToArray();

        public void Dispose() => session.Dispose();
    }

    /// <summary>The same chain around ONNX Runtime, the logits resized and compared by the library that the other chain's engine has for it.</summary>
    private sealed class OnnxChain(OnnxSession session, byte[] file, int threads) : IEngineRun
    {
        private float[] _planes = [];
        private byte[] _ids = [];

        public string Version => OnnxRuntimeLibrary.Version!;

        public void Run()
        {
            RgbImage picture = ImageFile.ReadRgb(file, "picture.jpg");
            NormalisedPlanes.Into(picture, threads, ref _planes);
            LogitMap? logits = null;
            session.Run<float>(_planes, [1, 3, picture.Height, picture.Width], (values, shape) =>
                logits = new LogitMap((int)shape[1], (int)shape[2], (int)shape[3], values.ToArray()));
            _ids = LogitResize.ArgMax(logits!, picture.Height, picture.Width, threads).Ids;
        }

        public byte[] Result() => _ids;

        public void Dispose() => session.Dispose();
    }

    /// <summary>The same chain with resize and argmax inside the graph.</summary>
    private sealed class OnnxArgMaxChain(OnnxSession session, byte[] file, int threads) : IEngineRun
    {
        private float[] _planes = [];
        private byte[] _ids = [];

        public string Version => OnnxRuntimeLibrary.Version!;

        public void Run()
        {
            RgbImage picture = ImageFile.ReadRgb(file, "picture.jpg");
            NormalisedPlanes.Into(picture, threads, ref _planes);
            session.Run<byte>(_planes, [1, 3, picture.Height, picture.Width], (values, _) => _ids = values.ToArray());
        }

        public byte[] Result() => _ids;

        public void Dispose() => session.Dispose();
    }
}
