using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing.Etlx;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Multimodal.Bench.Profile;

/// <summary>Samples the stacks and allocations of a .NET process with EventPipe.</summary>
internal static class StackSampler
{
    private const long GcKeyword = 1;
    private const int BufferMiB = 256;

    /// <summary>Samples a process while an action runs.</summary>
    /// <param name="process">The process id.</param>
    /// <param name="folder">Folder for the trace.</param>
    /// <param name="load">Produces load for the process.</param>
    /// <returns>The stacks of running threads, one per millisecond and thread, and the stacks of allocations with their bytes.</returns>
    public static async Task<StackSamples> SampleAsync(int process, string folder, Func<Task> load)
    {
        var trace = Path.Combine(folder, "trace.nettrace");
        using (var session = new DiagnosticsClient(process).StartEventPipeSession(
            [
                new EventPipeProvider("Microsoft-DotNETCore-SampleProfiler", EventLevel.Informational),
                new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Verbose, GcKeyword),
            ],
            requestRundown: true,
            BufferMiB))
        {
            await using var file = File.Create(trace);
            var copy = session.EventStream.CopyToAsync(file);
            await load();
            await session.StopAsync(CancellationToken.None);
            await copy;
        }

        return Read(trace);
    }

    private static StackSamples Read(string trace)
    {
        var samples = new StackSamples();
        using var log = new TraceLog(TraceLog.CreateFromEventPipeDataFile(trace));
        foreach (var one in log.Events)
        {
            if (one is GCAllocationTickTraceData allocation)
            {
                samples.AddAllocation(Frames(one.CallStack()), allocation.AllocationAmount64);
            }
            else if (one.ProviderName == "Microsoft-DotNETCore-SampleProfiler")
            {
                samples.AddStack(Frames(one.CallStack()));
            }
        }

        return samples;
    }

    private static List<string> Frames(TraceCallStack? stack)
    {
        List<string> frames = [];
        for (; stack is not null; stack = stack.Caller)
        {
            frames.Add(stack.CodeAddress.FullMethodName);
        }

        return frames;
    }
}
