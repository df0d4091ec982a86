using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Transport;

/// <summary>Hands accepted requests to the combiners.</summary>
internal sealed partial class FuseSender(IBus bus, MultimodalOptions options, TimeProvider time, ILogger<FuseSender> logger)
{
    /// <summary>Sends the message; the broker has it when the task ends. A failure is logged only: the watchdog sends again.</summary>
    public async Task SendAsync(Fuse fuse)
    {
        try
        {
            using var span = Traces.Start("multimodal.send", fuse.RequestId, ActivityKind.Producer);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.Transport.Broker.SendSeconds), time);
            var endpoint = await bus.GetSendEndpoint(Topology.Address(Topology.FuseQueue(fuse.Priority)));
            await endpoint.Send(fuse, send => Limit(send, fuse.Deadline), patience.Token);
        }
        catch (Exception exception)
        {
            LogNotSent(exception, fuse.RequestId);
        }
    }

    /// <summary>What nobody took by its deadline is sent anew by the watchdog, with a new deadline; the old message must not compete with it.</summary>
    private void Limit(SendContext send, DateTimeOffset deadline)
    {
        if (options.Transport.IsShared)
        {
            var left = deadline - time.GetUtcNow();
            send.TimeToLive = left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} could not be sent; it is sent again after its deadline.")]
    private partial void LogNotSent(Exception exception, Guid requestId);
}
