using Google.Protobuf;
using SegNeXt.Core;
using SegNeXt.Inference;
using SegNeXt.Peers;
using SegNeXt.TestUtilities;

namespace SegNeXt.Export.Tests;

/// <summary>Exported files in ONNX Runtime. They run where <c>benchmarks/peers/install.sh</c> brought its library, or SEGNEXT_ONNXRUNTIME names it.</summary>
public sealed class OnnxRuntimeTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.File("model.onnx");

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("t")]
    [InlineData("s")]
    [InlineData("b")]
    [InlineData("l")]
    public void Logits_EverySize_AreTheEngines(string size)
    {
        RequireRuntime();
        using ManagedSegmenter engine = Export(ModelConfig.Preset(size, 19), new OnnxOptions());
        using OnnxSession session = new(Output, OnnxModel.Input, OnnxModel.Logits, 2, spinning: false);
        Compare(session, engine, Samples.Picture(97, 131));
        Compare(session, engine, Samples.Picture(64, 64, seed: 2), Samples.Picture(64, 64, seed: 3));
    }

    [SkippableTheory]
    [InlineData(1, 1)]
    [InlineData(7, 300)]
    [InlineData(33, 32)]
    public void Logits_OddSizes_AreTheEngines(int height, int width)
    {
        RequireRuntime();
        using ManagedSegmenter engine = Export(Samples.Small, new OnnxOptions());
        using OnnxSession session = new(Output, OnnxModel.Input, OnnxModel.Logits, 2, spinning: false);
        Compare(session, engine, Samples.Picture(height, width));
    }

    [SkippableFact]
    public void Logits_FixedSize_AreTheEngines()
    {
        RequireRuntime();
        using ManagedSegmenter engine = Export(Samples.Small, new OnnxOptions { Height = 130, Width = 97 });
        using OnnxSession session = new(Output, OnnxModel.Input, OnnxModel.Logits, 2, spinning: false);
        Compare(session, engine, Samples.Picture(130, 97));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void ClassIds_ArgMax_AreTheEnginesButForTies(bool isFixed)
    {
        RequireRuntime();
        RgbImage picture = Samples.Picture(90, 121);
        using ManagedSegmenter engine = Export(Samples.Small, new OnnxOptions { ArgMax = true, Height = isFixed ? 90 : null, Width = isFixed ? 121 : null });
        using OnnxSession session = new(Output, OnnxModel.Input, OnnxModel.ClassIds, 2, spinning: false);
        byte[] ids = [];
        session.Run<byte>(Samples.Normalise(engine.Config, picture), [1, 3, 90, 121], (values, shape) =>
        {
            Assert.Equal([1L, 90, 121], shape);
            ids = values.ToArray();
        });
        byte[] expected = engine.Segment(picture).Ids;
        Assert.True(expected.Distinct().Count() > 1, "One class everywhere tells nothing.");
        int other = ids.Zip(expected).Count(pair => pair.First != pair.Second);
        Assert.True(other <= ids.Length * 1e-3, $"{other} of {ids.Length} pixels have another class.");
    }

    private static void RequireRuntime()
    {
        string? library = OnnxRuntimeLibrary.Find(TestPaths.Repository);
        Skip.If(library is null, "skipped: no ONNX Runtime; benchmarks/peers/install.sh brings it");
        OnnxRuntimeLibrary.Load(library!);
    }

    private ManagedSegmenter Export(ModelConfig config, OnnxOptions options)
    {
        string path = Samples.Write(_folder.File("model.safetensors"), config);
        ManagedSegmenter engine = ManagedSegmenter.Open(path, 2);
        using ITensorSource source = TensorFiles.Open(path);
        // Without the check that an export makes, and without waiting for the disk.
        File.WriteAllBytes(Output, OnnxModel.Build(ModelTensors.Of(source), options).ToByteArray());
        return engine;
    }

    private static void Compare(OnnxSession session, ManagedSegmenter engine, params RgbImage[] pictures)
    {
        int height = pictures[0].Height, width = pictures[0].Width;
        LogitMap[] expected = [.. pictures.Select(engine.Forward)];
        session.Run<float>(Samples.Normalise(engine.Config, pictures), [pictures.Length, 3, height, width], (values, shape) =>
        {
            Assert.Equal([pictures.Length, expected[0].Classes, expected[0].Height, expected[0].Width], shape);
            for (int n = 0; n < expected.Length; n++)
            {
                int count = expected[n].Values.Length;
                double difference = Samples.Difference(values.Slice(n * count, count), expected[n].Values);
                Assert.True(difference <= Tolerance, $"Picture {n} of {height}x{width} differs by {difference} of the range.");
            }
        });
    }
}
