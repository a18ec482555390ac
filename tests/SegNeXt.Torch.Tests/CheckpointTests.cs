namespace SegNeXt.Torch.Tests;

public sealed class CheckpointTests : TorchTest
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Run_Training_GivesTheNumbersOfAnOrdinaryRunBitForBit(bool inputLearns, bool parametersLearn)
    {
        float[][] plain = Step(checkpoint: false, inputLearns, parametersLearn);
        float[][] checkpointed = Step(checkpoint: true, inputLearns, parametersLearn);

        Assert.Equal(plain.Length, checkpointed.Length);
        for (int i = 0; i < plain.Length; i++)
        {
            Assert.Equal(plain[i], checkpointed[i]);
        }
    }

    [Fact]
    public void Run_NothingLearns_RecordsNothing()
    {
        using Part part = new(3);
        part.Freeze();
        using Generator generator = new(1);

        Assert.False(Checkpoint.Run([part], x => part.Forward(x, generator), Picture(), generator).RequiresGrad);
    }

    [Fact]
    public void Run_UnusedParameter_HasNoGradient()
    {
        using Part part = new(3);
        Checkpoint.Run([part], x => x * part.Convolution.Weight.Sum(), Picture(), null).Sum().Backward();

        Assert.NotNull(part.Convolution.Weight.Grad);
        Assert.Null(part.Convolution.Bias!.Grad);
    }

    [Fact]
    public void Run_ExceptionTheSecondTime_ComesOutAndRestoresTheModule()
    {
        using Part part = new(3);
        using Generator generator = new(1);
        int calls = 0;
        Tensor y = Checkpoint.Run([part], x => ++calls == 1 ? part.Forward(x, generator) : throw new InvalidDataException("second"), Picture(), generator);
        byte[] state = generator.GetState();

        Assert.Throws<InvalidDataException>(() => y.Sum().Backward());

        Assert.Equal(state, generator.GetState());
        part.Forward(Picture(), generator);
        Assert.Equal(2, part.Norm.NumBatchesTracked.Item());
    }

    [Fact]
    public void Run_DeepChain_HoldsLessMemory()
    {
        long plain = Peak(false), checkpointed = Peak(true);

        Assert.True(checkpointed < plain / 2, $"{checkpointed} bytes at most with checkpoints, {plain} without");
    }

    private static long Peak(bool checkpoint)
    {
        using TensorScope scope = new();
        using Generator generator = new(1);
        Part[] parts = [.. Enumerable.Range(0, 8).Select(_ => new Part(3))];
        Tensor x = Picture();
        using MemoryMeter meter = new();
        foreach (Part part in parts)
        {
            using Tensor before = x;
            x = checkpoint ? Checkpoint.Run([part], y => part.Forward(y, generator), before, generator) : part.Forward(before, generator);
        }

        x.Sum().Backward();
        long peak = meter.PeakBytes();
        Array.ForEach(parts, static part => part.Dispose());
        return peak;
    }

    private static float[][] Step(bool checkpoint, bool inputLearns, bool parametersLearn)
    {
        using TensorScope scope = new();
        using Part part = new(3);
        if (!parametersLearn)
        {
            part.Freeze();
        }

        using Generator generator = new(1);
        Tensor x = Picture().RequiresGrad_(inputLearns);
        List<float[]> numbers = [];

        // Twice without clearing, as in accumulation: the second part's draws follow the first one's.
        for (int pass = 0; pass < 2; pass++)
        {
            Tensor y = checkpoint ? Checkpoint.Run([part], map => part.Forward(map, generator), x, generator) : part.Forward(x, generator);
            (y * y).Sum().Backward();
            numbers.Add(y.Detach().ToArray<float>());
        }

        numbers.AddRange(part.NamedParameters().Select(static entry => entry.Value.Grad?.ToArray<float>() ?? []));
        numbers.Add(x.Grad?.ToArray<float>() ?? []);
        numbers.AddRange(part.NamedBuffers().Select(static entry => entry.Value.To(ScalarType.Float32).ToArray<float>()));
        return [.. numbers];
    }

    private static Tensor Picture() => Draws(5, 2, 3, 16, 16).To(ScalarType.Float32);

    private sealed class Part : Module
    {
        internal Part(int channels)
        {
            Convolution = RegisterModule("conv", new Conv2d(channels, channels, 3, padding: 1));
            Norm = RegisterModule("norm", new BatchNorm2d(channels));
            using GradMode noGrad = Autograd.NoGrad();
            using TensorScope scope = new();
            Convolution.Weight.CopyFrom_(Draws(7, Convolution.Weight.Shape));
        }

        internal Conv2d Convolution { get; }

        internal BatchNorm2d Norm { get; }

        internal void Freeze()
        {
            foreach ((_, Tensor parameter) in NamedParameters())
            {
                parameter.RequiresGrad_(false);
            }
        }

        internal Tensor Forward(Tensor x, Generator generator)
        {
            using TensorScope scope = new();
            Tensor mask = Tensor.Bernoulli([x.Size(0), x.Size(1), 1, 1], 0.5, generator);
            return scope.Keep((Norm.Forward(Convolution.Forward(x)).Gelu().Exp().Sigmoid() * mask) + x);
        }
    }
}
