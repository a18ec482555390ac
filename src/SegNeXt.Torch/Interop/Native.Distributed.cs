using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of distributed.cpp and reducer.cpp.</content>
internal static unsafe partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_store_free")]
    internal static partial int FreeStore(nint store);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_process_group_free")]
    internal static partial int FreeProcessGroup(nint group);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_work_free")]
    internal static partial int FreeWork(nint work);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_reducer_free")]
    internal static partial int FreeReducer(nint reducer);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_distributed_backends")]
    internal static partial NativeStatus DistributedBackends(out int hasGloo, out int hasNccl);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_store_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeStatus StoreNew(string address, int port, int isServer, int size, long timeout, out StoreHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_store_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeStatus StoreSet(StoreHandle store, string key, ReadOnlySpan<byte> bytes, long count);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_store_get", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeStatus StoreGet(StoreHandle store, string key, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_store_check", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeStatus StoreCheck(StoreHandle store, string key, out int present);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_store_add", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeStatus StoreAdd(StoreHandle store, string key, long amount, out long sum);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_process_group_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativeStatus ProcessGroupNew(
        StoreHandle store, string name, int rank, int size, int backend, string? address, string? networkInterface, long timeout,
        out ProcessGroupHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_all_reduce")]
    internal static partial NativeStatus AllReduce(ProcessGroupHandle group, TensorHandle x, nint noWork);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_all_reduce")]
    internal static partial NativeStatus AllReduceAsync(ProcessGroupHandle group, TensorHandle x, out WorkHandle work);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_all_gather")]
    internal static partial NativeStatus AllGather(ProcessGroupHandle group, TensorHandle x, Span<nint> results, int size);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_broadcast")]
    internal static partial NativeStatus Broadcast(ProcessGroupHandle group, TensorHandle x, int root);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_barrier")]
    internal static partial NativeStatus Barrier(ProcessGroupHandle group);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_work_wait")]
    internal static partial NativeStatus WorkWait(WorkHandle work);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_reducer_new")]
    internal static partial NativeStatus ReducerNew(
        ProcessGroupHandle group, ReadOnlySpan<nint> parameters, int count, long firstBucketBytes, long bucketBytes, out ReducerHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_reducer_prepare")]
    internal static partial NativeStatus ReducerPrepare(ReducerHandle reducer, TensorHandle output);
}
