using System.Diagnostics;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Sends commands to the experts of a plan. The replies arrive at this combiner's own queue.</summary>
internal sealed class ExpertCommands(IWorkChannel work, PendingRequests pending, ServiceClock clock)
{
    /// <summary>Asks experts of the plan, unless the deadline has passed.</summary>
    public Task SendAsync(Incoming<Fuse> context, IReadOnlyList<string> experts) => clock.Adjust(context.Message.Deadline) > clock.GetUtcNow()
        ? Task.WhenAll(context.Message.Plan.Experts.Where(expert => experts.Contains(expert.Name)).Select(expert => SendAsync(context, expert)))
        : Task.CompletedTask;

    /// <summary>Asks a shadow expert.</summary>
    public Task SendAsync(Incoming<Fuse> context, ShadowExpert shadow) =>
        work.SendAsync(Compose(context.Message, shadow.Name, shadow.Modality), context.Message.Priority, context.CancellationToken);

    private async Task SendAsync(Incoming<Fuse> context, PlannedExpert expert)
    {
        var fuse = context.Message;
        using var span = Traces.Start("multimodal.ask", fuse.RequestId, ActivityKind.Producer)?.SetTag("multimodal.expert", expert.Name);
        await work.SendAsync(Compose(fuse, expert.Name, expert.Modality), fuse.Priority, context.CancellationToken);
    }

    private Analyze Compose(Fuse fuse, string expert, Modality modality) => new()
    {
        RequestId = fuse.RequestId,
        Ensemble = fuse.Ensemble,
        Expert = expert,
        Part = fuse.Parts.First(part => part.Modality == modality),
        Deadline = clock.Adjust(fuse.Deadline),
        ReplyTo = pending.Instance,
        ReadsReplies = true,
    };
}
