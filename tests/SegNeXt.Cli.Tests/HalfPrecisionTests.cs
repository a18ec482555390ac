using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;
using SegNeXt.Training;

namespace SegNeXt.Cli.Tests;

public sealed class HalfPrecisionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string HalfFile => _folder.File("half.safetensors");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void ImportHalf_KeepsConfigAndVectorsAndHalvesTheFile()
    {
        string named = _folder.File("named.safetensors");
        SmallModel.Write(named, 3, ["road", "sky", "tree"]);
        CommandRun run = CommandRun.Of("import", named, "--half", "-o", HalfFile);
        Assert.Equal(ExitCode.Done, run.Code);
        using ITensorSource before = TensorFiles.Open(named);
        using ITensorSource after = TensorFiles.Open(HalfFile);
        Assert.Equal(before.Metadata[ModelConfigJson.MetadataKey], after.Metadata[ModelConfigJson.MetadataKey]);
        Assert.Equal(before.Tensors.Count, after.Tensors.Count);
        HashSet<string> parameters = [.. ModelLayout.Enumerate(ModelInspector.Recover(before).Config).Where(spec => spec.Kind == TensorKind.Parameter).Select(spec => spec.Name)];
        foreach (TensorInfo tensor in before.Tensors)
        {
            TensorInfo stored = after.Find(tensor.Name)!;
            bool shrinks = tensor.Shape.Length >= 2 && parameters.Contains(tensor.Name);
            Assert.Equal(shrinks ? TensorDType.F16 : tensor.DType, stored.DType);
            float[] a = Floats(before, tensor), b = Floats(after, stored);
            for (int i = 0; i < a.Length; i++)
            {
                Assert.Equal(shrinks ? (float)(Half)a[i] : a[i], b[i]);
            }
        }

        Assert.True(new FileInfo(HalfFile).Length < 0.7 * new FileInfo(named).Length);
        Assert.Equal(ExitCode.Done, CommandRun.Of("info", "--weights", HalfFile).Code);
    }

    [SkippableFact]
    public void ImportHalf_NumberTooLargeForSixteenBits_KeepsItsTensor()
    {
        SmallModel.Write(_folder.File("model.safetensors"), 3);
        using (ITensorSource source = TensorFiles.Open(_folder.File("model.safetensors")))
        {
            SafetensorsWriter.Write(
                _folder.File("large.safetensors"),
                source.Tensors.Select(tensor =>
                {
                    if (tensor.Name != "decode_head.align.conv.weight")
                    {
                        return NamedTensor.FromSource(source, tensor.Name);
                    }

                    float[] values = Floats(source, tensor);
                    values[7] = 70_000;
                    return NamedTensor.FromFloats(tensor.Name, tensor.Shape, values);
                }),
                source.Metadata);
        }

        CommandRun.Of("import", _folder.File("large.safetensors"), "--half", "-o", HalfFile);
        using ITensorSource after = TensorFiles.Open(HalfFile);
        Assert.Equal(TensorDType.F32, after.Find("decode_head.align.conv.weight")!.DType);
        Assert.Equal(70_000, Floats(after, after.Find("decode_head.align.conv.weight")!)[7]);
        Assert.Equal(TensorDType.F16, after.Find("decode_head.squeeze.conv.weight")!.DType);
    }

    [SkippableFact]
    public void HalfWeights_OnAStreetScene_HardlyChangeLogitsAndMasks()
    {
        string original = _folder.File("full.safetensors");
        SmallModel.Write(original, 9);
        Assert.Equal(ExitCode.Done, CommandRun.Of("import", original, "--half", "-o", HalfFile).Code);
        RgbImage picture = StreetScenes.Render(7, 320, 240).Image;
        using ISegmenter full = SegmenterFactory.Open(original, new EngineOptions(Threads: 1)).Segmenter;
        using ISegmenter half = SegmenterFactory.Open(HalfFile, new EngineOptions(Threads: 1)).Segmenter;
        float[] a = full.Forward(picture).Values, b = half.Forward(picture).Values;
        float largest = a.Max(x => MathF.Abs(x));
        float worst = a.Zip(b, (x, y) => MathF.Abs(x - y)).Max();
        Assert.InRange(worst / largest, 0, 1e-2);
        byte[] before = full.Segment(picture).Ids, after = half.Segment(picture).Ids;
        double same = before.Zip(after, (x, y) => x == y).Count(equal => equal) / (double)before.Length;
        Assert.InRange(same, 0.999, 1);
        Assert.True(before.Distinct().Count() > 1);
    }

    private static float[] Floats(ITensorSource source, TensorInfo tensor)
    {
        var values = new float[tensor.ElementCount];
        source.ReadFloats(tensor.Name, values);
        return values;
    }
}
