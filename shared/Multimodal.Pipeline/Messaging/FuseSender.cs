using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Messaging;

/// <summary>Sends accepted requests to the combiners.</summary>
internal sealed partial class FuseSender(IWorkChannel work, TransportOptions options, TimeProvider time, ILogger<FuseSender> logger)
{
    /// <summary>Whether the combiner is in this process, so that no message outlives the process.</summary>
    public bool IsLocal => options.Kind == TransportOptions.InMemory;

    /// <summary>
    /// Sends the message. The task completes when the broker has stored it. A failure is only logged, because the watchdog retries.
    /// </summary>
    public async Task SendAsync(Fuse fuse)
    {
        try
        {
            using var span = Traces.Start("multimodal.send", fuse.RequestId, ActivityKind.Producer);
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Broker.SendSeconds), time);
            await work.SendAsync(fuse, timeout.Token);
        }
        catch (Exception exception)
        {
            LogNotSent(exception, fuse.RequestId);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending request {RequestId} failed; the watchdog retries after its deadline.")]
    private partial void LogNotSent(Exception exception, Guid requestId);
}
