using System.IO.Compression;
using System.Runtime.InteropServices;
using SegNeXt.Core;

namespace SegNeXt.Export;

/// <summary>
/// Writes models as PyTorch checkpoints that the released code loads with <c>strict=True</c>: a dict of <c>meta</c> (with
/// <c>CLASSES</c> and <c>PALETTE</c>, as its test programs read them) and <c>state_dict</c>, in the zip form of PyTorch 1.6 and later.
/// </summary>
public static class PthExport
{
    private const string Folder = "archive";

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">Where the file goes; replaced as a whole or not at all.</param>
    /// <param name="tensors">The weights, of a segmentation model or a classifier; they are written in 32 bits.</param>
    /// <returns>How many tensors were written, and whether the weights have bases of their own, for which the released code has no place.</returns>
    /// <exception cref="InputException">The weights cannot be read, or the path not be written.</exception>
    public static PthReport Write(string path, ModelTensors tensors)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        IReadOnlyList<TensorSpec> specs = ModelLayout.Enumerate(tensors.Config);
        byte[] pickle = Pickle(tensors.Config, specs);
        AtomicFile.Write(path, stream =>
        {
            using ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);
            Store(zip, "data.pkl", pickle);
            Store(zip, "byteorder", "little"u8);
            for (int i = 0; i < specs.Count; i++)
            {
                Store(zip, $"data/{i}", specs[i].DType == TensorDType.I64
                    ? MemoryMarshal.AsBytes(tensors.ReadIntegers(specs[i]).AsSpan())
                    : MemoryMarshal.AsBytes(tensors.Read(specs[i].Name).AsSpan()));
            }

            Store(zip, "version", "3\n"u8);
        });
        return new PthReport(specs.Count, HasOwnBases(tensors), new FileInfo(path).Length);
    }

    private static bool HasOwnBases(ModelTensors tensors) =>
        tensors.Config.Decoder is { } decoder && tensors.Has(ModelLayout.BasesName)
        && !tensors.Read(ModelLayout.BasesName).AsSpan().SequenceEqual(NmfBases.Default(decoder.HamChannels, decoder.NmfRank));

    private static byte[] Pickle(ModelConfig config, IReadOnlyList<TensorSpec> specs)
    {
        PickleWriter pickle = new();
        pickle.BeginDict();
        pickle.Text("meta");
        Meta(pickle, config);
        pickle.Text("state_dict");
        pickle.BeginDict("collections", "OrderedDict");
        for (int i = 0; i < specs.Count; i++)
        {
            pickle.Text(specs[i].Name);
            Tensor(pickle, specs[i], i);
        }

        pickle.EndDict();
        pickle.EndDict();
        return pickle.Finish();
    }

    private static void Meta(PickleWriter pickle, ModelConfig config)
    {
        pickle.BeginDict();
        if (config.ClassNames is { } names)
        {
            pickle.Text("CLASSES");
            pickle.Mark();
            Array.ForEach(names, pickle.Text);
            pickle.EndTuple();
        }

        if (config.Palette is { } palette)
        {
            pickle.Text("PALETTE");
            pickle.BeginList();
            foreach (int colour in palette)
            {
                pickle.BeginList();
                pickle.Integer(colour >> 16 & 255);
                pickle.Integer(colour >> 8 & 255);
                pickle.Integer(colour & 255);
                pickle.EndList();
            }

            pickle.EndList();
        }

        // Where the reader of weight files looks for it, whatever the form.
        pickle.Text(ModelConfigJson.MetadataKey);
        pickle.Text(ModelConfigJson.Serialize(config));
        pickle.EndDict();
    }

    /// <summary>A tensor over a storage of its own: <c>torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)</c>.</summary>
    private static void Tensor(PickleWriter pickle, TensorSpec spec, int storage)
    {
        long[] strides = new long[spec.Shape.Length];
        long elements = 1;
        for (int axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = elements;
            elements *= spec.Shape[axis];
        }

        pickle.Global("torch._utils", "_rebuild_tensor_v2");
        pickle.Mark();
        pickle.Mark();
        pickle.Text("storage");
        pickle.Global("torch", spec.DType == TensorDType.I64 ? "LongStorage" : "FloatStorage");
        pickle.Text($"{storage}");
        pickle.Text("cpu");
        pickle.Integer(elements);
        pickle.EndTuple();
        pickle.Persistent();
        pickle.Integer(0);
        Tuple(spec.Shape);
        Tuple(strides);
        pickle.False();
        pickle.BeginDict("collections", "OrderedDict");
        pickle.EndDict();
        pickle.EndTuple();
        pickle.Call();

        void Tuple(long[] values)
        {
            pickle.Mark();
            Array.ForEach(values, pickle.Integer);
            pickle.EndTuple();
        }
    }

    private static void Store(ZipArchive zip, string name, ReadOnlySpan<byte> bytes)
    {
        // Stored, as PyTorch does and demands, and without the time, so that the same weights give the same bytes.
        ZipArchiveEntry entry = zip.CreateEntry($"{Folder}/{name}", CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using Stream stream = entry.Open();
        stream.Write(bytes);
    }
}

/// <summary>What an export to a checkpoint wrote.</summary>
/// <param name="Tensors">Number of tensors.</param>
/// <param name="LeftBasesOut">Whether the weights have NMF bases of their own, which the released code draws anew at each call and so has no place for.</param>
/// <param name="Bytes">The file's size.</param>
public sealed record PthReport(int Tensors, bool LeftBasesOut, long Bytes);
