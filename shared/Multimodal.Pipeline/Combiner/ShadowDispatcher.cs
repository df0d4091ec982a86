using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Asks shadow experts and records their late opinions. Failures do not affect answers.</summary>
internal sealed partial class ShadowDispatcher(
    ExpertCommands commands, PendingShadows pending, EnsembleCatalog ensembles, IResultChannel results, ServiceClock clock, ILogger<ShadowDispatcher> logger)
{
    /// <summary>Asks the plan's shadow experts. Does not throw.</summary>
    public async Task AskAsync(Incoming<Fuse> context, OpinionCollector collector)
    {
        var fuse = context.Message;
        var asked = fuse.Plan.Shadows.Where(shadow => shadow.Skipped is null).ToArray();
        if (asked.Length == 0 || clock.Adjust(fuse.Deadline) <= clock.GetUtcNow())
        {
            return;
        }

        var names = asked.Select(shadow => shadow.Name);
        pending.Expect(fuse.RequestId, fuse.Ensemble, names, fuse.Deadline);
        collector.AskShadows(names);
        try
        {
            await Task.WhenAll(asked.Select(shadow => commands.SendAsync(context, shadow)));
        }
        catch (Exception exception)
        {
            LogNotAsked(exception, fuse.RequestId);
        }
    }

    /// <summary>Records a reply that no pending request accepted, if it comes from a shadow expert.</summary>
    /// <returns>False if the reply is not expected.</returns>
    public async Task<bool> RecordAsync(Guid request, string expert, Reply reply, CancellationToken cancellationToken)
    {
        if (pending.Accept(request, expert) is not { } name)
        {
            return false;
        }

        if (ensembles.TryGet(name, out var ensemble) && ShadowReport.Opinion(expert, reply, ensemble.Package.Labels) is { } opinion)
        {
            await results.PublishAsync(new ShadowAnswered { RequestId = request, Ensemble = name, Opinion = opinion }, cancellationToken);
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The shadow experts could not be asked about request {RequestId}; its answer is not affected.")]
    private partial void LogNotAsked(Exception exception, Guid requestId);
}
