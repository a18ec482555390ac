using System.Runtime.InteropServices;

namespace SegNeXt.Torch;

/// <content>Imports of memory.cpp.</content>
internal static partial class Native
{
    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_memory_meter_start")]
    internal static partial NativeStatus MemoryMeterStart(out nint meter);

    [LibraryImport(NativeLoader.Library, EntryPoint = "segnext_memory_meter_read")]
    internal static partial NativeStatus MemoryMeterRead(nint meter, int deviceType, out long live, out long peak);
}
