using System.Numerics;
using static SegNeXt.Core.Tests.RawCheckpoint;

namespace SegNeXt.Core.Tests;

/// <summary>The pickle machine alone; the pickles are what Python's <c>pickle.dumps</c> gives, or attacks on it.</summary>
public sealed class PickleMachineTests
{
    [Fact]
    public void Run_PlainValues_AreTheirDotNetCounterparts()
    {
        // pickle.dumps([None, True, -1, 2**40, -2**70, 1.5, 'é', b'\x00\xff', (1,), {1: 2}, {3}], protocol=4)
        byte[] pickle = Convert.FromHexString(
            "80049543000000000000005d94284e884affffffff8a060000000000018a090000000000000000c0473ff80000000000008c02c3a994430200ff"
            + "944b0185947d944b014b02738f94284b0390652e");

        List<object?> list = Assert.IsType<List<object?>>(Run(pickle));

        Assert.Null(list[0]);
        Assert.Equal(true, list[1]);
        Assert.Equal(-1L, list[2]);
        Assert.Equal(1L << 40, list[3]);
        Assert.Equal(-BigInteger.Pow(2, 70), list[4]);
        Assert.Equal(1.5, list[5]);
        Assert.Equal("é", list[6]);
        Assert.Equal(new byte[] { 0, 255 }, list[7]);
        Assert.Equal(new object[] { 1L }, list[8]);
        Assert.True(Assert.IsType<PickleDict>(list[9]).TryGetValue(1L, out object? two) && two is 2L);
        Assert.Equal(new List<object?> { 3L }, list[10]);
    }

    [Theory]
    [InlineData("f8", "000000000000f83f", 1.5)]
    [InlineData("f4", "0000c03f", 1.5)]
    [InlineData("i8", "feffffffffffffff", -2L)]
    [InlineData("b1", "01", true)]
    public void Run_NumpyScalar_IsAPlainNumber(string type, string bytes, object expected)
    {
        byte[] raw = Convert.FromHexString(bytes);
        foreach (string module in (string[])["numpy.core.multiarray", "numpy._core.multiarray"])
        {
            byte[] pickle =
            [
                0x80, 4, .. Global(module, "scalar"),
                .. Global("numpy", "dtype"), .. Text(type), 0x89, 0x88, 0x87, (byte)'R', (byte)'(', (byte)'K', 3, .. Text("<"), (byte)'N', (byte)'N', (byte)'N', (byte)'t', (byte)'b',
                (byte)'C', (byte)raw.Length, .. raw, 0x86, (byte)'R', (byte)'.',
            ];

            Assert.Equal(expected, Run(pickle));
        }
    }

    [Fact]
    public void Run_NamespaceDefaultDictAndOrderedDictWithAttributes_AreDicts()
    {
        byte[] pickle =
        [
            0x80, 2, (byte)'(',
            .. Global("argparse", "Namespace"), (byte)')', 0x81, (byte)'}', .. Text("lr"), (byte)'K', 1, (byte)'s', (byte)'b',
            .. Global("collections", "defaultdict"), .. Global("builtins", "list"), 0x85, (byte)'R', .. Text("k"), (byte)'N', (byte)'s',
            .. Global("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'}', .. Text("_metadata"), (byte)'}', (byte)'s', (byte)'b',
            (byte)'t', (byte)'.',
        ];

        object?[] tuple = Assert.IsType<object?[]>(Run(pickle));

        Assert.Equal([new("lr", 1L)], Assert.IsType<PickleDict>(tuple[0]).Entries);
        Assert.Equal([new("k", null)], Assert.IsType<PickleDict>(tuple[1]).Entries);
        Assert.Empty(Assert.IsType<PickleDict>(tuple[2]).Entries);
        Assert.NotNull(((PickleDict)tuple[2]!).Attributes!.Get<PickleDict>("_metadata"));
    }

    [Fact]
    public void Run_DictKeyTwice_KeepsItsPlaceAndTakesTheLastValue()
    {
        PickleDict dict = (PickleDict)Run(Dict(("a", [(byte)'K', 1]), ("b", [(byte)'K', 2]), ("a", [(byte)'K', 3])))!;

        Assert.Equal([new("a", 3L), new("b", 2L)], dict.Entries);
    }

    public static TheoryData<string, byte[]> Faults => new()
    {
        { "a container holds itself", [0x80, 2, (byte)']', (byte)'q', 0, (byte)'h', 0, (byte)'a', (byte)'.'] },
        { "a container holds itself", [0x80, 2, (byte)'}', (byte)'q', 0, (byte)'N', (byte)'h', 0, (byte)'s', (byte)'.'] },
        { "nested more than 200 deep", [0x80, 2, .. Enumerable.Repeat((byte)']', 5000), .. Enumerable.Repeat((byte)'a', 4999), (byte)'.'] },
        { "an object is missing", [0x80, 2, (byte)'.'] },
        { "an object is missing", [0x80, 2, (byte)'N', (byte)'(', (byte)'.'] },
        { "an object is missing", [0x80, 2, (byte)'K', 1, 0x87, (byte)'.'] },
        { "left over", [0x80, 2, (byte)'N', (byte)'N', (byte)'.'] },
        { "a mark is missing", [0x80, 2, (byte)'N', (byte)'t', (byte)'.'] },
        { "was never stored", [0x80, 2, (byte)'h', 9, (byte)'.'] },
        { "not a list", [0x80, 2, (byte)'}', (byte)'N', (byte)'a', (byte)'.'] },
        { "not a dict", [0x80, 2, (byte)']', (byte)'N', (byte)'N', (byte)'s', (byte)'.'] },
        { "has no value", [0x80, 2, (byte)'}', (byte)'(', (byte)'N', (byte)'u', (byte)'.'] },
        { "key is not a plain value", [0x80, 2, (byte)'}', (byte)']', (byte)'N', (byte)'s', (byte)'.'] },
        { "not a name", [0x80, 2, (byte)'K', 1, (byte)')', (byte)'R', (byte)'.'] },
        { "no tuple of arguments", [0x80, 2, .. Global("torch", "Size"), (byte)'N', (byte)'R', (byte)'.'] },
        { "arguments that it does not take", [0x80, 2, .. Global("torch", "device"), (byte)')', (byte)'R', (byte)'.'] },
        { "arguments that it does not take", [0x80, 2, .. Global("builtins", "int"), (byte)')', (byte)'R', (byte)'.'] },
        { "stands where a value belongs", [0x80, 2, .. Global("torch", "Size"), (byte)'.'] },
        { "a storage where none belongs", [0x80, 2, (byte)')', (byte)'Q', (byte)'.'] },
        { "has none", [0x80, 2, (byte)'K', 1, (byte)'}', (byte)'b', (byte)'.'] },
        { "protocol 9", [0x80, 9, (byte)'N', (byte)'.'] },
        { "protocol 0", [(byte)'I', (byte)'1', (byte)'\n', (byte)'.'] },
        { "unknown opcode 0xff", [0x80, 2, 0xff] },
        { "neither a tensor nor a plain container", [0x80, 2, (byte)'(', (byte)'i', (byte)'o', (byte)'s'] },
        { "cut short", [0x80, 2, (byte)'N'] },
        { "cut short", [0x80, 2, (byte)'X', 0xff, 0xff, 0xff, 0xff, (byte)'a'] },
        { "cut short", [0x80, 4, 0x8d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, (byte)'a'] },
        { "a number of", [0x80, 2, 0x8b, 0xff, 0xff, 0, 0] },
        { "more than 500 bytes", [0x80, 2, (byte)'c', .. Enumerable.Repeat((byte)'a', 1000)] },
        { "big-endian", [0x80, 2, .. Global("numpy", "dtype"), .. Text("f8"), 0x85, (byte)'R', (byte)'K', 3, .. Text(">"), 0x86, (byte)'b', (byte)'.'] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Run_DamagedPickle_SaysWhatIsWrong(string words, byte[] pickle)
    {
        InputException error = Assert.Throws<InputException>(() => Run(pickle));

        Assert.StartsWith("x.pth: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_SharedPartsThatDoubleAtEachLevel_EndsQuickly()
    {
        // A list of two references to a list of two references …: 2^150 leaves, 151 objects.
        List<byte> pickle = [0x80, 2, (byte)']', (byte)'q', 0];
        for (int i = 0; i < 150; i++)
        {
            pickle.AddRange([(byte)'0', (byte)']', (byte)'(', (byte)'h', 0, (byte)'h', 0, (byte)'e', (byte)'q', 0]);
        }

        pickle.Add((byte)'.');

        Assert.IsType<List<object?>>(Run([.. pickle]));
    }

    [Fact]
    public void Run_EndlesslyManySteps_AreRefused()
    {
        byte[] pickle = [0x80, 2, .. Enumerable.Repeat((byte)'N', 9_000_000), (byte)'.'];

        Assert.Contains("takes more than 8000000 steps", Assert.Throws<InputException>(() => Run(pickle)).Message, StringComparison.Ordinal);
    }

    private static object? Run(byte[] pickle) => new PickleMachine(new PickleInput(new ArrayStore(pickle), "x.pth"), null).Run();
}
