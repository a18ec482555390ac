using System.Diagnostics;
using SegNeXt.Core;
using SegNeXt.Inference;
using SegNeXt.TestUtilities;

namespace SegNeXt.Export.Tests;

/// <summary>Exported files in the eyes of ONNX's and PyTorch's own Python packages, where the system has them.</summary>
public sealed class PythonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Onnx_ItsOwnChecker_FindsNoFault(bool isFixed, bool argMax)
    {
        Require("onnx");
        string output = _folder.File("model.onnx");
        using ManagedSegmenter engine = ManagedSegmenter.Open(Samples.Write(_folder.File("model.safetensors"), Samples.Small), 2);
        using ITensorSource source = TensorFiles.Open(_folder.File("model.safetensors"));
        OnnxOptions options = new() { ArgMax = argMax, Height = isFixed ? 96 : null, Width = isFixed ? 160 : null };
        OnnxExport.Write(output, ModelTensors.Of(source), options, engine);
        string said = Run(
            """
            import onnx, sys
            model = onnx.load(sys.argv[1])
            onnx.checker.check_model(model, full_check=True)
            known = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
            print(model.graph.output[0].name, len(model.graph.node) == len(known.graph.value_info) + 1)
            """,
            output);
        Assert.Equal($"{(argMax ? "class_ids" : "logits")} True", said);
    }

    [SkippableFact]
    public void Pth_PyTorch_LoadsStrictly()
    {
        Require("torch");
        string output = _folder.File("model.pth");
        using ITensorSource source = TensorFiles.Open(Samples.Write(_folder.File("model.safetensors"), ModelConfig.Preset("t", 19)));
        PthExport.Write(output, ModelTensors.Of(source));
        var bias = new float[19];
        source.ReadFloats("decode_head.conv_seg.bias", bias);
        string said = Run(
            """
            import sys, torch
            sys.dont_write_bytecode = True
            sys.path.insert(0, sys.argv[2])
            from segnext_torch import SegNeXt
            checkpoint = torch.load(sys.argv[1], map_location='cpu')
            model = SegNeXt('t', 19)
            model.load_state_dict(checkpoint['state_dict'], strict=True)
            print(list(checkpoint['state_dict']) == list(model.state_dict()), '%.9g' % model.decode_head.conv_seg.bias[3].item())
            """,
            output, Path.Combine(TestPaths.Repository, "benchmarks", "peers"));
        string[] words = said.Split(' ');
        Assert.Equal("True", words[0]);
        Assert.Equal(bias[3], float.Parse(words[1]));
    }

    private static void Require(string package)
    {
        Skip.IfNot(File.Exists(Python), "skipped: no Python on this system");
        Skip.IfNot(TryRun($"import {package}", [], out _), $"skipped: the system's Python has no package {package}");
    }

    private const string Python = "/usr/bin/python3";

    private static string Run(string script, params string[] arguments) =>
        TryRun(script, arguments, out string said) ? said.Trim() : throw new InvalidOperationException(said);

    private static bool TryRun(string script, string[] arguments, out string said)
    {
        ProcessStartInfo start = new(Python, ["-c", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        said = process.ExitCode == 0 ? said : error.Result;
        return process.ExitCode == 0;
    }
}
