using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Multimodal.Bench.Fuzz.Gateway;

/// <summary>The memory of a .NET service after a full garbage collection.</summary>
/// <param name="HeapMiB">Size of the managed heap.</param>
/// <param name="ResidentMiB">Resident memory of the process.</param>
internal sealed record ServiceMemory(double HeapMiB, double ResidentMiB)
{
    private const double MiB = 1 << 20;
    /// <summary>The metric with the size of the heap after the last collection.</summary>
    public const string Metric = "dotnet_gc_last_collection_heap_size_bytes";
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";

    // The runtime collects when a session with this keyword of the GC starts (GCHeapCollect).
    private const long CollectKeyword = 0x80_0000;

    /// <summary>Waits until the service has been idle for a while, has it collect its garbage, and measures.</summary>
    public static async Task<ServiceMemory> MeasureAsync(int process, HttpClient http, TimeProvider time, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(3), time, cancellationToken);
        for (var round = 0; round < 2; round++)
        {
            // The second collection frees what finalizers released after the first.
            Collect(process);
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        }

        var heap = await Metrics.ReadAsync(http, Metric, cancellationToken);
        return new ServiceMemory(heap / MiB, ProcessFile.Kilobytes(process, "VmRSS") / 1024);
    }

    /// <summary>Has a service collect its garbage.</summary>
    public static void Collect(int process)
    {
        using var session = new DiagnosticsClient(process).StartEventPipeSession(
            [new EventPipeProvider(Runtime, EventLevel.Informational, CollectKeyword)], requestRundown: false);
        session.Stop();
    }
}
