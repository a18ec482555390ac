using Google.Protobuf;
using SegNeXt.Core;
using SegNeXt.Inference;
using SegNeXt.TestUtilities;

namespace SegNeXt.Export.Tests;

/// <summary>What verification finds: each test puts one fault into a good file.</summary>
public sealed class VerificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManagedSegmenter _engine;
    private readonly ITensorSource _source;

    public VerificationTests()
    {
        string path = Samples.Write(_folder.File("model.safetensors"), Samples.Small);
        _engine = ManagedSegmenter.Open(path, 1);
        _source = TensorFiles.Open(path);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _source.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Verify_GoodFile_Passes()
    {
        ModelTensors tensors = ModelTensors.Of(_source);
        Assert.InRange(OnnxVerifier.Verify(OnnxModel.Build(tensors, new OnnxOptions()).ToByteArray(), tensors, new OnnxOptions(), _engine), 0, 2e-5);
    }

    [Fact]
    public void Verify_NodeBeforeItsInput_IsFound() => ShouldFind("which nothing before it computes", graph =>
    {
        NodeProto first = graph.Node[0];
        graph.Node.RemoveAt(0);
        graph.Node.Add(first);
    });

    [Fact]
    public void Verify_TwoValuesOfOneName_AreFound() => ShouldFind("is given to two values", graph => graph.Node[5].Output[0] = graph.Node[4].Output[0]);

    [Fact]
    public void Verify_TwoNodesOfOneName_AreFound() => ShouldFind("two nodes are called", graph => graph.Node[5].Name = graph.Node[4].Name);

    [Fact]
    public void Verify_UnknownOperation_IsFound() => ShouldFind("not among the known operations", graph => Node(graph, "Relu").OpType = "Rely");

    [Fact]
    public void Verify_ConstantOfAnotherLength_IsFound() => ShouldFind("bytes, but its sizes need", graph => graph.Initializer[0].Dims[0]++);

    [Fact]
    public void Verify_ConstantThatNothingReads_IsFound() => ShouldFind("nothing reads", graph => graph.Initializer.Add(new TensorProto { Name = "idle", DataType = 1, RawData = ByteString.CopyFrom(0, 0, 0, 0) }));

    [Fact]
    public void Verify_OutputThatIsNotComputed_IsFound() => ShouldFind("nothing computes the output", graph => graph.Output[0].Name = "scores");

    [Fact]
    public void Verify_WrongPadding_IsFound() => ShouldFind("faulty", graph => Attribute(Node(graph, "Conv"), "pads").Ints[0]++);

    [Fact]
    public void Verify_WrongGroups_AreFound() => ShouldFind("has weights", graph => Attribute(graph.Node.First(node => node.Name.EndsWith("conv0", StringComparison.Ordinal)), "group").I = 1);

    [Fact]
    public void Verify_OutputDeclaredOtherwise_IsFound() => ShouldFind("not what the graph declares", graph => graph.Output[0].Type.TensorType.Shape.Dim[1].DimValue++);

    [Fact]
    public void Verify_ResizeByCorners_IsFound() => ShouldFind("align_corners", graph => Attribute(Node(graph, "Resize"), "coordinate_transformation_mode").S = ByteString.CopyFromUtf8("align_corners"));

    [Fact]
    public void Verify_OneWeightChanged_IsFound() => ShouldFind("differ from the engine's", graph =>
    {
        TensorProto weights = graph.Initializer.First(constant => constant.Name == "decode_head.conv_seg.bias");
        byte[] bytes = weights.RawData.ToByteArray();
        BitConverter.GetBytes(BitConverter.ToSingle(bytes) + 0.1f).CopyTo(bytes, 0);
        weights.RawData = ByteString.CopyFrom(bytes);
    });

    [Fact]
    public void Verify_OneRoundLess_IsFound() => ShouldFind("differ from the engine's", graph =>
    {
        // The last renewal of the coefficients is passed by, and what only it read goes too.
        NodeProto last = graph.Node.First(node => node.Name == "decode_head.hamburger.ham.last.transposed");
        last.Input[0] = "decode_head.hamburger.ham.round7.coefficients";
        foreach (NodeProto node in graph.Node.Where(node => node.Name.StartsWith("decode_head.hamburger.ham.last.coefficients", StringComparison.Ordinal)).ToArray())
        {
            graph.Node.Remove(node);
        }
    });

    [Fact]
    public void Verify_OtherNormalisationInMetadata_IsFound()
    {
        ModelProto model = OnnxModel.Build(ModelTensors.Of(_source), new OnnxOptions());
        model.MetadataProps.First(entry => entry.Key == "mean").Value = "[0,0,0]";
        ShouldFail("differ from the engine's", model, new OnnxOptions());
    }

    [Fact]
    public void Verify_FixedSizeWithOtherWeights_IsFound()
    {
        OnnxOptions options = new() { Height = 256, Width = 256 };
        ModelProto model = OnnxModel.Build(ModelTensors.Of(_source), options);
        TensorProto bias = model.Graph.Initializer.First(constant => constant.Name == "decode_head.conv_seg.bias");
        bias.RawData = ByteString.CopyFrom(new byte[bias.RawData.Length]);
        ShouldFail("depends on the picture's size", model, options);
    }

    [Fact]
    public void Verify_FixedSizeWithOtherShape_IsFound()
    {
        OnnxOptions options = new() { Height = 256, Width = 256 };
        ModelProto model = OnnxModel.Build(ModelTensors.Of(_source), options with { Width = 128 });
        ShouldFail("not what the graph declares", model, options);
    }

    private static NodeProto Node(GraphProto graph, string operation) => graph.Node.First(node => node.OpType == operation);

    private static AttributeProto Attribute(NodeProto node, string name) => node.Attribute.First(attribute => attribute.Name == name);

    private void ShouldFind(string expected, Action<GraphProto> spoil)
    {
        ModelProto model = OnnxModel.Build(ModelTensors.Of(_source), new OnnxOptions());
        spoil(model.Graph);
        ShouldFail(expected, model, new OnnxOptions());
    }

    private void ShouldFail(string expected, ModelProto model, OnnxOptions options)
    {
        InputException thrown = Assert.Throws<InputException>(() => OnnxVerifier.Verify(model.ToByteArray(), ModelTensors.Of(_source), options, _engine));
        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }
}
