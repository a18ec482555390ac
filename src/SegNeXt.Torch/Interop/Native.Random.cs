using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of random.cpp: generators and draws.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_generator_new")]
    internal static partial NativeStatus GeneratorNew(
        ulong seed, int deviceType, int deviceIndex, out GeneratorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_generator_seed")]
    internal static partial NativeStatus GeneratorSeed(GeneratorHandle generator, ulong seed);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_generator_get_state")]
    internal static partial NativeStatus GeneratorGetState(GeneratorHandle generator, out TensorHandle result);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_generator_set_state")]
    internal static partial NativeStatus GeneratorSetState(GeneratorHandle generator, TensorHandle state);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_uniform_inplace")]
    internal static partial NativeStatus UniformInplace(
        TensorHandle x, double low, double high, GeneratorHandle generator);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_normal_inplace")]
    internal static partial NativeStatus NormalInplace(
        TensorHandle x, double mean, double std, GeneratorHandle generator);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_bernoulli_inplace")]
    internal static partial NativeStatus BernoulliInplace(TensorHandle x, double p, GeneratorHandle generator);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_randperm")]
    internal static partial NativeStatus Randperm(long count, GeneratorHandle generator, out TensorHandle result);
}
