using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Messaging;

/// <summary>Hands accepted requests to the combiners.</summary>
internal sealed partial class FuseSender(IWorkChannel work, TransportOptions options, TimeProvider time, ILogger<FuseSender> logger)
{
    /// <summary>Sends the message; the broker has it when the task ends. A failure is logged only: the watchdog sends again.</summary>
    public async Task SendAsync(Fuse fuse)
    {
        try
        {
            using var span = Traces.Start("multimodal.send", fuse.RequestId, ActivityKind.Producer);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.Broker.SendSeconds), time);
            await work.SendAsync(fuse, patience.Token);
        }
        catch (Exception exception)
        {
            LogNotSent(exception, fuse.RequestId);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} could not be sent; it is sent again after its deadline.")]
    private partial void LogNotSent(Exception exception, Guid requestId);
}
