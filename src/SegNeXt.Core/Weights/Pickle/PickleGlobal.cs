namespace SegNeXt.Core;

/// <summary>What a pickle may ask for by name: the makers of tensors and plain containers.</summary>
internal enum PickleMaker
{
    OrderedDict,
    DefaultDict,
    Namespace,
    RebuildTensor,
    RebuildTensorV2,
    RebuildTensorV3,
    RebuildParameter,
    RebuildParameterWithState,
    Size,
    Device,
    NumpyDType,
    NumpyScalar,
    Bytes,
    Set,
    PlainType,
    TypedStorage,
    UntypedStorage,
    ElementType,
}

/// <summary>
/// The list of names that are known, and nothing else is: a name says which of our own few functions builds the
/// object, and no code of the file or of any library is ever looked up.
/// </summary>
internal sealed record PickleGlobal(string Name, PickleMaker Maker, TensorDType? DType = null)
{
    private static readonly Dictionary<string, PickleGlobal> s_known = Known().ToDictionary(known => known.Name, StringComparer.Ordinal);

    /// <summary>The maker of that name, or null for a name that is refused.</summary>
    public static PickleGlobal? Find(string module, string name) => s_known.GetValueOrDefault($"{module}.{name}");

    private static IEnumerable<PickleGlobal> Known()
    {
        yield return new("collections.OrderedDict", PickleMaker.OrderedDict);
        yield return new("collections.defaultdict", PickleMaker.DefaultDict);
        yield return new("argparse.Namespace", PickleMaker.Namespace);
        yield return new("_codecs.encode", PickleMaker.Bytes);
        foreach (string builtins in (string[])["builtins", "__builtin__"])
        {
            yield return new($"{builtins}.set", PickleMaker.Set);
            yield return new($"{builtins}.frozenset", PickleMaker.Set);
            yield return new($"{builtins}.bytes", PickleMaker.Bytes);
            yield return new($"{builtins}.bytearray", PickleMaker.Bytes);
            foreach (string type in (string[])["dict", "list", "tuple", "int", "float", "bool", "str"])
            {
                yield return new($"{builtins}.{type}", PickleMaker.PlainType);
            }
        }

        yield return new("numpy.dtype", PickleMaker.NumpyDType);
        yield return new("numpy.core.multiarray.scalar", PickleMaker.NumpyScalar);
        yield return new("numpy._core.multiarray.scalar", PickleMaker.NumpyScalar);
        foreach (PickleGlobal known in KnownTorch())
        {
            yield return known;
        }
    }

    private static IEnumerable<PickleGlobal> KnownTorch()
    {
        yield return new("torch._utils._rebuild_tensor", PickleMaker.RebuildTensor);
        yield return new("torch._utils._rebuild_tensor_v2", PickleMaker.RebuildTensorV2);
        yield return new("torch._utils._rebuild_tensor_v3", PickleMaker.RebuildTensorV3);
        yield return new("torch._utils._rebuild_parameter", PickleMaker.RebuildParameter);
        yield return new("torch._utils._rebuild_parameter_with_state", PickleMaker.RebuildParameterWithState);
        yield return new("torch.Size", PickleMaker.Size);
        yield return new("torch.device", PickleMaker.Device);
        yield return new("torch.storage.UntypedStorage", PickleMaker.UntypedStorage, TensorDType.U8);
        yield return new("torch.UntypedStorage", PickleMaker.UntypedStorage, TensorDType.U8);
        yield return new("torch.storage.TypedStorage", PickleMaker.TypedStorage);
        (string Storage, string Types, TensorDType DType)[] elements =
        [
            ("Float", "float32 float", TensorDType.F32), ("Double", "float64 double", TensorDType.F64),
            ("Half", "float16 half", TensorDType.F16), ("BFloat16", "bfloat16", TensorDType.BF16),
            ("Long", "int64 long", TensorDType.I64), ("Int", "int32 int", TensorDType.I32),
            ("Short", "int16 short", TensorDType.I16), ("Char", "int8", TensorDType.I8),
            ("Byte", "uint8", TensorDType.U8), ("Bool", "bool", TensorDType.Bool),
            ("", "uint16", TensorDType.U16), ("", "uint32", TensorDType.U32), ("", "uint64", TensorDType.U64),
        ];
        foreach ((string storage, string types, TensorDType dtype) in elements)
        {
            if (storage.Length > 0)
            {
                yield return new($"torch.{storage}Storage", PickleMaker.TypedStorage, dtype);
                yield return new($"torch.cuda.{storage}Storage", PickleMaker.TypedStorage, dtype);
            }

            foreach (string type in types.Split(' '))
            {
                yield return new($"torch.{type}", PickleMaker.ElementType, dtype);
            }
        }
    }
}
