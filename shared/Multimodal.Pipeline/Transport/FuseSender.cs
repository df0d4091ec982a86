using MassTransit;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;

namespace Multimodal.Pipeline.Transport;

/// <summary>Hands accepted requests to the combiners.</summary>
internal sealed partial class FuseSender(IBus bus, ILogger<FuseSender> logger)
{
    private static readonly Uri Queue = Topology.Address(Topology.FuseQueue);

    /// <summary>Sends the message; the broker has it when the task ends. A failure is logged only: the watchdog sends again.</summary>
    public async Task SendAsync(Fuse fuse)
    {
        try
        {
            var endpoint = await bus.GetSendEndpoint(Queue);
            await endpoint.Send(fuse);
        }
        catch (Exception exception)
        {
            LogNotSent(exception, fuse.RequestId);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} could not be sent; it is sent again after its deadline.")]
    private partial void LogNotSent(Exception exception, Guid requestId);
}
