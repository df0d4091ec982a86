using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Asks experts in shadow beside the others, and records what they say when the answer is out already. Whatever fails here harms no answer.</summary>
internal sealed partial class ShadowQuestions(
    ExpertCommands commands, LateShadows late, EnsembleCatalog ensembles, IResultChannel results, TimeProvider time, ILogger<ShadowQuestions> logger)
{
    /// <summary>Asks those that the plan names, after the experts that count. Does not throw.</summary>
    public async Task AskAsync(Incoming<Fuse> context, OpinionCollector collector)
    {
        var fuse = context.Message;
        var asked = fuse.Plan.Shadows.Where(shadow => shadow.Skipped is null).ToArray();
        if (asked.Length == 0 || fuse.Deadline <= time.GetUtcNow())
        {
            return;
        }

        var names = asked.Select(shadow => shadow.Name);
        late.Expect(fuse.RequestId, fuse.Ensemble, names, fuse.Deadline);
        collector.AskInShadow(names);
        try
        {
            await Task.WhenAll(asked.Select(shadow => commands.SendAsync(context, shadow)));
        }
        catch (Exception exception)
        {
            LogNotAsked(exception, fuse.RequestId);
        }
    }

    /// <summary>Records a reply that no open request took, if it is that of an expert in shadow.</summary>
    /// <returns>False when nobody wants it.</returns>
    public async Task<bool> TakeAsync(Guid request, string expert, Reply reply, CancellationToken cancellationToken)
    {
        if (late.Take(request, expert) is not { } name)
        {
            return false;
        }

        if (ensembles.TryGet(name, out var ensemble) && ShadowReport.Opinion(expert, reply, ensemble.Package.Labels) is { } opinion)
        {
            await results.PublishAsync(new ShadowAnswered { RequestId = request, Ensemble = name, Opinion = opinion }, cancellationToken);
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Experts in shadow could not be asked about request {RequestId}; its answer does not need them.")]
    private partial void LogNotAsked(Exception exception, Guid requestId);
}
