using System.Diagnostics;

namespace SegNeXt.Server;

/// <summary>The process itself, under the names that Prometheus' client libraries have for it.</summary>
internal static class ProcessMetrics
{
    /// <summary>Writes them.</summary>
    /// <param name="text">Where to.</param>
    public static void Write(PrometheusText text)
    {
        using Process process = Process.GetCurrentProcess();
        text.Metric("process_resident_memory_bytes", "gauge", "Memory that the process holds.", process.WorkingSet64);
        text.Metric("process_cpu_seconds_total", "counter", "Processor time spent.", process.TotalProcessorTime.TotalSeconds);
        text.Metric("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.", (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
        text.Metric("dotnet_gc_heap_bytes", "gauge", "Bytes of managed memory.", GC.GetTotalMemory(forceFullCollection: false));
    }
}
