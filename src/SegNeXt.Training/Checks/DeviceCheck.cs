using SegNeXt.Core;
using SegNeXt.Models;
using SegNeXt.Torch;

namespace SegNeXt.Training;

/// <summary>
/// Whether a device computes what it should: the released code's numbers for a small network, and for every size of the
/// paper the CPU's, forward and backward. For machines on which the tests cannot run. On the CPU the fused kernels are held
/// against libtorch's.
/// </summary>
public sealed class DeviceCheck
{
    /// <summary>
    /// In single precision: what other orders of summation make of sums of thousands of numbers, layer after layer.
    /// </summary>
    private const double ExactLogits = 5e-4, ExactGradients = 2e-3;

    /// <summary>In 16 bits a number is right to 1 in 256 (bf16) or 2,048 (fp16), a network's logits to some times that.</summary>
    private const double RoundedLogits = 0.1, RoundedGradients = 0.3;

    private const int Side = 96;
    private const int Classes = 11;

    private readonly Device _device;
    private readonly Precision _precision;

    /// <summary>Prepares the comparisons.</summary>
    /// <param name="device">The device.</param>
    /// <param name="precision">Number format of its products; the numbers that they are held against are in fp32.</param>
    public DeviceCheck(Device device, Precision precision) => (_device, _precision) = (device, precision);

    private bool IsExact => _precision == Precision.Fp32;

    private string Format => _precision.Name();

    /// <summary>Compares; whatever fails is told of in its place, and the rest goes on.</summary>
    /// <param name="golden">The folder of the released code's numbers (<c>tests/golden</c>), or null.</param>
    /// <param name="sizes">Sizes of the model.</param>
    /// <param name="cancellation">Ends it between two comparisons.</param>
    public IEnumerable<CheckedNumbers> Run(string? golden, IReadOnlyList<string> sizes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        bool tf32 = TorchRuntime.AllowTf32;
        TorchRuntime.AllowTf32 = false;
        try
        {
            IEnumerable<(string What, Func<CheckedNumbers[]> Part)> parts =
            [
                .. golden is null ? [] : new (string, Func<CheckedNumbers[]>)[] { ("golden logits", () => GoldenForward(golden)), ("golden training step", () => GoldenStep(golden)) },
                .. sizes.Select(size => ($"{size.ToUpperInvariant()} against the CPU", (Func<CheckedNumbers[]>)(() => AgainstCpu(size)))),
            ];
            foreach ((string what, Func<CheckedNumbers[]> part) in parts)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (CheckedNumbers numbers in Guarded(what, part))
                {
                    yield return numbers;
                }
            }
        }
        finally
        {
            TorchRuntime.AllowTf32 = tf32;
        }
    }

    private static CheckedNumbers[] Guarded(string what, Func<CheckedNumbers[]> part)
    {
        try
        {
            using TensorScope scope = new();
            return part();
        }
        catch (Exception error) when (error is TorchException or InputException or ArgumentException or InvalidOperationException)
        {
            return [new CheckedNumbers(what, double.NaN, 0, error.Message)];
        }
    }

    private CheckedNumbers[] GoldenForward(string folder)
    {
        using SafetensorsFile golden = SafetensorsFile.Open(Path.Combine(folder, "forward_tiny_odd.safetensors"));
        using Generator generator = new(0);
        using SegmentationModel model = Tiny(folder, generator, KernelChoice.Libtorch);
        model.Eval();
        ((HamHead)model.DecodeHead).Hamburger.Factorisation.EvaluationBases = Read(golden, "33x47.nmf_bases");
        using GradMode noGrad = Autograd.NoGrad();
        Tensor logits = Forward(model, Read(golden, "33x47.x"));
        return [CheckedNumbers.Compare($"golden logits, {Format}", [Read(golden, "33x47.logits")], [logits], IsExact ? ExactLogits : RoundedLogits)];
    }

    private CheckedNumbers[] GoldenStep(string folder)
    {
        using SafetensorsFile golden = SafetensorsFile.Open(Path.Combine(folder, "train_tiny_part.safetensors"));
        using Generator generator = new(0);
        using SegmentationModel model = Tiny(folder, generator, Kernels);
        model.Train();
        ((HamHead)model.DecodeHead).Hamburger.Factorisation.TrainingBases = Read(golden, "nmf_bases");
        Tensor labels = Read(golden, "labels").Squeeze(1).To(_device).To(ScalarType.Int64);
        Tensor loss = new CrossEntropyLoss(kernels: Kernels).Forward(Forward(model, Read(golden, "x")), labels);
        loss.Backward();
        KeyValuePair<string, Tensor>[] compared = [.. model.NamedParameters().Where(entry => golden.Find($"grad.{entry.Key}") is not null)];
        return
        [
            CheckedNumbers.Compare($"golden loss, {Format}", [Read(golden, "loss")], [loss], IsExact ? ExactLogits : RoundedLogits),
            CheckedNumbers.Compare(
                $"golden gradients of {compared.Length} parameters, {Format}",
                [.. compared.Select(entry => Read(golden, $"grad.{entry.Key}"))],
                [.. compared.Select(entry => entry.Value.Grad!)],
                IsExact ? ExactGradients : RoundedGradients),
        ];
    }

    /// <summary>Random weights, masks and bases are drawn on the CPU, so both sides have the same.</summary>
    private CheckedNumbers[] AgainstCpu(string size)
    {
        (Tensor Logits, Tensor[] Gradients) right = Pass(size, Device.Cpu, Precision.Fp32, KernelChoice.Libtorch);
        (Tensor Logits, Tensor[] Gradients) ours = Pass(size, _device, _precision, Kernels);
        string name = size.ToUpperInvariant();
        return
        [
            CheckedNumbers.Compare($"{name}, logits, {Format}", [right.Logits], [ours.Logits], IsExact ? ExactLogits : RoundedLogits),
            CheckedNumbers.Compare($"{name}, gradients of {right.Gradients.Length} parameters, {Format}", right.Gradients, ours.Gradients, IsExact ? ExactGradients : RoundedGradients),
        ];
    }

    private static (Tensor Logits, Tensor[] Gradients) Pass(string size, Device device, Precision precision, KernelChoice kernels)
    {
        using Generator generator = new(1);
        using SegmentationModel model = new(ModelConfig.Preset(size, Classes), generator) { Kernels = kernels };
        Tensor x = Tensor.Normal([2, 3, Side, Side], 0, 1, generator), weights = Tensor.Normal([2, Classes, Side / 8, Side / 8], 0, 1, generator);
        model.To(device);
        model.To(MemoryFormat.ChannelsLast);
        model.Train();
        Tensor logits;
        using (precision.Enter(device))
        {
            logits = model.Forward(x.To(device).To(MemoryFormat.ChannelsLast)).To(ScalarType.Float32);
        }

        // Scaled as in training: in half precision the gradients would else be too small.
        const double scale = 1024;
        ((logits * weights.To(device)).Mean() * scale).Backward();
        return (logits.Detach(), [.. model.NamedParameters().Where(entry => entry.Value.Grad is not null).Select(entry => entry.Value.Grad!.To(Device.Cpu))]);
    }

    private KernelChoice Kernels => _device.IsCuda ? KernelChoice.Libtorch : KernelChoice.Fused;

    private Tensor Forward(Network model, Tensor x)
    {
        using AutocastScope format = _precision.Enter(_device);
        return model.Forward(x.To(_device).To(MemoryFormat.ChannelsLast)).To(ScalarType.Float32);
    }

    /// <summary>The released code's small network, with nothing random in it.</summary>
    private SegmentationModel Tiny(string folder, Generator generator, KernelChoice kernels)
    {
        string path = Path.Combine(folder, "tiny.safetensors");
        using ITensorSource source = TensorFiles.Open(path);
        ModelConfig config = ModelInspector.Recover(source).Config;
        SegmentationModel model = new(
            config with { Encoder = config.Encoder with { DropPathRate = 0 }, Decoder = config.Decoder! with { Dropout = 0 } }, generator) { Kernels = kernels };
        ModelLoader.Initialise(model, path);
        model.To(_device);
        model.To(MemoryFormat.ChannelsLast);
        return model;
    }

    private static Tensor Read(SafetensorsFile file, string name)
    {
        TensorInfo info = file.Find(name) ?? throw new InputException($"{file.Path}: there is no tensor '{name}'.");
        var values = new float[info.ElementCount];
        file.ReadFloats(name, values);
        return Tensor.FromArray<float>(values, info.Shape);
    }
}
