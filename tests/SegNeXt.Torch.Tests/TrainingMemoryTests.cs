namespace SegNeXt.Torch.Tests;

public sealed class TrainingMemoryTests
{
    private const int WarmUp = 600, Steps = 2000;

    // The runtime compiles the step's methods a second time whenever its own threads get to it, which takes memory once;
    // a leak grows in every window.
    private const int Windows = 3;

    [SkippableFact]
    public void Training_ManySteps_HoldsMemoryAndHandles()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "skipped: resident memory is read from /proc");
        using Network network = new();
        using Generator generator = new(1);
        using AdamW optimizer = new(
            [.. network.NamedParameters().Select(static pair => new ParameterGroup(pair.Key, pair.Value, 1e-3, 0.01))]);
        double first = Train(network, optimizer, generator, 1);
        double last = Train(network, optimizer, generator, WarmUp);

        // It trains, so the steps are real ones; and what a step makes is gone with it.
        Assert.True(last < 0.5 * first, $"the loss went from {first} to {last}");
        (long resident, long live) = (ResidentKilobytes(), TorchRuntime.LiveTensors);
        List<long> readings = [resident];
        for (int window = 0; window < Windows; window++)
        {
            Train(network, optimizer, generator, Steps);
            Assert.InRange(TorchRuntime.LiveTensors, 0, live);
            readings.Add(ResidentKilobytes());
            if (Math.Abs(readings[^1] - readings[^2]) <= 0.02 * readings[^2])
            {
                return;
            }
        }

        Assert.Fail($"resident memory, every {Steps} steps: {string.Join(", ", readings)} kB");
    }

    /// <summary>Gives the last step's loss.</summary>
    private static double Train(Network network, AdamW optimizer, Generator generator, int steps)
    {
        Tensor[] parameters = [.. network.NamedParameters().Select(static pair => pair.Value)];
        double last = 0;
        for (int step = 1; step <= steps; step++)
        {
            using TensorScope scope = new();
            Tensor x = Tensor.Normal([2, 3, 16, 16], 0, 1, generator);
            Tensor target = x.Narrow(1, 0, 1).Squeeze(1).Gt(0).To(ScalarType.Int64);
            Tensor loss = Functional.CrossEntropy(network.Forward(x), target);
            optimizer.ZeroGrad();
            loss.Backward();
            GradClip.Norm(parameters, 1);
            optimizer.Step();
            if (step == steps)
            {
                last = loss.Item();
            }
        }

        return last;
    }

    private static long ResidentKilobytes()
    {
        // Managed garbage that waits for its collection is no leak, and its amount depends on the machine's caches.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        string line = File.ReadLines("/proc/self/status")
            .First(static text => text.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Replace("\t", " ", StringComparison.Ordinal);
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    private sealed class Network : Module
    {
        private readonly Conv2d _stem;
        private readonly BatchNorm2d _norm;
        private readonly Conv2d _depthWise;
        private readonly Conv2d _head;

        internal Network()
        {
            _stem = RegisterModule("stem", new Conv2d(3, 8, 3, padding: 1));
            _norm = RegisterModule("norm", new BatchNorm2d(8));
            _depthWise = RegisterModule("depth_wise", new Conv2d(8, 8, (1, 5), padding: (0, 2), groups: 8));
            _head = RegisterModule("head", new Conv2d(8, 2, 1));
            using Generator generator = new(2);
            using GradMode noGrad = Autograd.NoGrad();
            using TensorScope scope = new();
            foreach (Conv2d conv in (Conv2d[])[_stem, _depthWise, _head])
            {
                conv.Weight.CopyFrom_(Tensor.Normal(conv.Weight.Shape, 0, 0.3, generator));
            }
        }

        internal Tensor Forward(Tensor x) =>
            _head.Forward(_depthWise.Forward(_norm.Forward(_stem.Forward(x)).Gelu()) + 1);
    }
}
