using MassTransit;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Transport;

namespace Multimodal.Pipeline.Combiner;

/// <summary>
/// Carries out one plan: asks the experts, gathers what they say until all have replied or the deadline has come, fuses, publishes.
/// The message is acknowledged by returning, so only after the answer is published: if this process dies before, the broker
/// (or the gateway's watchdog) hands the request to another, which asks the experts again.
/// </summary>
internal sealed partial class FuseConsumer(EnsembleCatalog ensembles, OpenRequests open, TimeProvider time, ILogger<FuseConsumer> logger)
    : IConsumer<Fuse>
{
    private readonly Uri _ownQueue = Topology.Address(Topology.OpinionsQueue(open.Instance));

    public async Task Consume(ConsumeContext<Fuse> context)
    {
        var fuse = context.Message;
        var gathering = new Gathering(fuse.Plan.Experts.Select(expert => expert.Name));
        if (!open.TryOpen(fuse.RequestId, gathering))
        {
            LogAlreadyOpen(fuse.RequestId);
            return;
        }

        try
        {
            var patience = fuse.Deadline - time.GetUtcNow();
            if (patience > TimeSpan.Zero)
            {
                await Task.WhenAll(fuse.Plan.Experts.Select(expert => AskAsync(context, expert, patience)));
            }

            var replies = await gathering.WaitAsync(fuse.Deadline - time.GetUtcNow(), time, context.CancellationToken);
            var combined = Combine(fuse, replies);
            await context.Publish(combined, publish => publish.MessageId = fuse.RequestId, context.CancellationToken);
            LogCombined(fuse.RequestId, combined.Answer.Status, combined.Opinions.Count, fuse.Plan.Experts.Count);
        }
        finally
        {
            open.Close(fuse.RequestId);
        }
    }

    private async Task AskAsync(ConsumeContext<Fuse> context, PlannedExpert expert, TimeSpan patience)
    {
        var fuse = context.Message;
        var endpoint = await context.GetSendEndpoint(Topology.Address(Topology.ExpertQueue(fuse.Ensemble, expert.Name)));
        var analyze = new Analyze
        {
            RequestId = fuse.RequestId,
            Ensemble = fuse.Ensemble,
            Expert = expert.Name,
            Part = fuse.Parts.First(part => part.Modality == expert.Modality),
            Deadline = fuse.Deadline,
        };
        await endpoint.Send(
            analyze,
            send =>
            {
                send.ResponseAddress = _ownQueue;
                send.FaultAddress = _ownQueue;
                send.TimeToLive = patience;
            },
            context.CancellationToken);
    }

    private AnswerCombined Combine(Fuse fuse, IReadOnlyDictionary<string, Reply> replies)
    {
        var ensemble = ensembles[fuse.Ensemble];
        var assembly = new AnswerAssembly(fuse, ensemble.Package.Labels, ensemble.Rules[fuse.Plan.Fusion], replies);
        return new AnswerCombined
        {
            Tenant = fuse.Tenant,
            Subscription = fuse.Subscription,
            Answer = assembly.Answer((time.GetUtcNow() - fuse.AcceptedAt).TotalMilliseconds),
            Opinions = assembly.Opinions,
        };
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} is being combined here already.")]
    private partial void LogAlreadyOpen(Guid requestId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {RequestId} is {Status}: {Opinions} of {Asked} experts gave an opinion.")]
    private partial void LogCombined(Guid requestId, AnswerStatus status, int opinions, int asked);
}
