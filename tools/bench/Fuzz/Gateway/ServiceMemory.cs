using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Multimodal.Bench.Fuzz.Gateway;

/// <summary>The memory of a .NET service after a full garbage collection.</summary>
/// <param name="HeapMiB">Size of the objects on the managed heap.</param>
/// <param name="ResidentMiB">Resident memory of the process.</param>
internal sealed record ServiceMemory(double HeapMiB, double ResidentMiB)
{
    private const double MiB = 1 << 20;
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";

    // The runtime collects when a session with this keyword of the GC starts (GCHeapCollect).
    private const long CollectKeyword = 0x80_0000;

    // ArrayPool keeps arrays that no thread has used for 30 s until the next full collection.
    private static readonly TimeSpan PoolTrim = TimeSpan.FromSeconds(35);

    /// <summary>Waits until the service has been idle for a while, has it collect its garbage and trim its pools, and measures.</summary>
    public static async Task<ServiceMemory> MeasureAsync(int process, HttpClient http, TimeProvider time, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(3), time, cancellationToken);
        Collect(process);
        await Task.Delay(PoolTrim, time, cancellationToken);
        Collect(process);
        await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        return new ServiceMemory(await ReadHeapMiBAsync(http, cancellationToken), ProcessFile.Kilobytes(process, "VmRSS") / 1024);
    }

    /// <summary>Reads the size of the objects on the managed heap after the last collection, in MiB. The gaps between them are free.</summary>
    public static async Task<double> ReadHeapMiBAsync(HttpClient http, CancellationToken cancellationToken) =>
        (await Metrics.ReadAsync(http, "dotnet_gc_last_collection_heap_size_bytes", cancellationToken)
            - await Metrics.ReadAsync(http, "dotnet_gc_last_collection_heap_fragmentation_size_bytes", cancellationToken)) / MiB;

    /// <summary>Has a service collect its garbage.</summary>
    public static void Collect(int process)
    {
        using var session = new DiagnosticsClient(process).StartEventPipeSession(
            [new EventPipeProvider(Runtime, EventLevel.Informational, CollectKeyword)], requestRundown: false);
        session.Stop();
    }
}
