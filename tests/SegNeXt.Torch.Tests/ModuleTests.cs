namespace SegNeXt.Torch.Tests;

public sealed class ModuleTests : TorchTest
{
    [Fact]
    public void StateTensors_Network_HaveStateDictsOrder()
    {
        using Network network = new();

        Assert.Equal(
            [
                "scale", "offset", "stem.weight", "stem.bias", "blocks.0.weight", "blocks.0.bias",
                "blocks.0.running_mean", "blocks.0.running_var", "blocks.0.num_batches_tracked", "blocks.1.weight",
                "blocks.1.bias", "blocks.1.running_mean", "blocks.1.running_var", "blocks.1.num_batches_tracked",
            ],
            network.StateTensors().Select(static pair => pair.Key));
        Assert.Equal(
            ["scale", "stem.weight", "stem.bias", "blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "blocks.1.bias"],
            network.NamedParameters().Select(static pair => pair.Key));
        Assert.Equal("offset", network.NamedBuffers().First().Key);
        Assert.Equal(
            ["", "stem", "blocks", "blocks.0", "blocks.1"], network.NamedModules().Select(static pair => pair.Key));
    }

    [Fact]
    public void RegisterParameter_Tensor_RecordsAndLeavesTheScope()
    {
        Network network;
        using (TensorScope scope = new())
        {
            network = new Network();
        }

        Assert.All(network.NamedParameters(), static pair => Assert.True(pair.Value.RequiresGrad));
        Assert.All(network.NamedBuffers(), static pair => Assert.False(pair.Value.RequiresGrad));
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => network.Scale.Handle);
        Assert.Throws<ObjectDisposedException>(() => network.Stem.Weight.Handle);
    }

    [Fact]
    public void Register_NameTaken_Throws()
    {
        using Network network = new();

        Assert.Throws<ArgumentException>(() => network.Register("scale"));
        Assert.Throws<ArgumentException>(() => network.Register("offset"));
        Assert.Throws<ArgumentException>(() => network.Register("stem"));
        Assert.Throws<ArgumentException>(() => network.Register(string.Empty));
    }

    [Fact]
    public void RegisterModule_EmptyName_AddsNoPrefix()
    {
        using Wrapper wrapper = new();

        Assert.Equal(["weight", "bias"], wrapper.StateTensors().Select(static pair => pair.Key));
    }

    [Fact]
    public void Train_Mode_ReachesAllModules()
    {
        using Network network = new();

        network.Eval();
        Assert.All(network.NamedModules(), static pair => Assert.False(pair.Value.Training));

        network.Train();
        Assert.All(network.NamedModules(), static pair => Assert.True(pair.Value.Training));
    }

    [Fact]
    public void To_Type_ConvertsInPlaceAndKeepsIntegers()
    {
        using Network network = new();
        Tensor weight = network.Stem.Weight;

        network.To(ScalarType.Float64);

        Assert.Equal(ScalarType.Float64, weight.Type);
        Assert.True(weight.RequiresGrad);
        Assert.Equal(ScalarType.Int64, network.Blocks[0].NumBatchesTracked.Type);
        Assert.Throws<ArgumentException>(() => network.To(ScalarType.Int64));
        network.Stem.Forward(Tensor.Ones([1, 3, 4, 4], ScalarType.Float64)).Sum().Backward();
        Assert.Equal(ScalarType.Float64, weight.Grad!.Type);
    }

    [Fact]
    public void To_ChannelsLast_RearrangesKernelsAndTheirGradients()
    {
        using Network network = new();

        network.To(MemoryFormat.ChannelsLast);
        Tensor x = Tensor.Ones([1, 3, 4, 4]).To(MemoryFormat.ChannelsLast);
        network.Stem.Forward(x).Sum().Backward();

        Assert.True(network.Stem.Weight.IsContiguous(MemoryFormat.ChannelsLast));
        Assert.True(network.Stem.Weight.Grad!.IsContiguous(MemoryFormat.ChannelsLast));
    }

    [Fact]
    public void ZeroGrad_Gradients_AreGone()
    {
        using Network network = new();
        network.Stem.Forward(Tensor.Ones([1, 3, 4, 4])).Sum().Backward();
        Assert.NotNull(network.Stem.Weight.Grad);

        network.ZeroGrad();

        Assert.Null(network.Stem.Weight.Grad);
    }

    [Fact]
    public void To_Device_KeepsIdentity()
    {
        using Network network = new();
        network.Stem.Forward(Tensor.Ones([1, 3, 4, 4])).Sum().Backward();

        network.To(Device.Cpu);

        Assert.Null(network.Stem.Weight.Grad);
        Assert.Same(network.Stem.Weight, network.NamedParameters().First(static pair => pair.Key == "stem.weight").Value);
    }

    private sealed class Wrapper : Module
    {
        internal Wrapper() => RegisterModule(string.Empty, new Linear(1, 1));
    }

    private sealed class Network : Module
    {
        internal Network()
        {
            // Registered after the children in part, to see that the order is by kind and not by time.
            Stem = RegisterModule("stem", new Conv2d(3, 4, 3));
            Blocks = RegisterModule("blocks", new ModuleList<BatchNorm2d>([new(4), new(4)]));
            RegisterBuffer("offset", Tensor.Zeros([1]));
            Scale = RegisterParameter("scale", Tensor.Ones([1]));
        }

        internal Conv2d Stem { get; }

        internal ModuleList<BatchNorm2d> Blocks { get; }

        internal Tensor Scale { get; }

        internal void Register(string name) => RegisterParameter(name, Tensor.Zeros([1]));
    }
}
