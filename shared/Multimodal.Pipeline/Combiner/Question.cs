using MassTransit;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Transport;

namespace Multimodal.Pipeline.Combiner;

/// <summary>A question to one expert.</summary>
internal static class Question
{
    /// <summary>Sends it.</summary>
    /// <param name="context">The request it is about.</param>
    /// <param name="expert">Whom to ask.</param>
    /// <param name="modality">What it judges.</param>
    /// <param name="replyTo">The combiner process that gathers the opinions.</param>
    /// <param name="bus">Knows where faults go.</param>
    /// <param name="patience">Time until the deadline, above zero; then nobody reads the question any more.</param>
    public static async Task SendAsync(
        ConsumeContext<Fuse> context, string expert, Modality modality, string replyTo, BusEndpoints bus, TimeSpan patience)
    {
        var fuse = context.Message;
        var endpoint = await context.GetSendEndpoint(Topology.Address(Topology.ExpertQueue(fuse.Ensemble, expert, fuse.Priority)));
        var analyze = new Analyze
        {
            RequestId = fuse.RequestId,
            Ensemble = fuse.Ensemble,
            Expert = expert,
            Part = fuse.Parts.First(part => part.Modality == modality),
            Deadline = fuse.Deadline,
            ReplyTo = replyTo,
        };
        await endpoint.Send(
            analyze,
            send =>
            {
                send.FaultAddress = bus.FaultAddress(replyTo);
                send.TimeToLive = patience;
            },
            context.CancellationToken);
    }
}
