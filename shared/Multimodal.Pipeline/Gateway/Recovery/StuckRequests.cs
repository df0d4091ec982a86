using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>Requests that have no result although their deadline has passed.</summary>
internal sealed class StuckRequests(RequestStore store, Resender resender, AdmissionControl admission, StoreOptions options, TimeProvider time)
{
    /// <summary>Sends them again.</summary>
    public async Task ResendAsync(CancellationToken cancellationToken)
    {
        var due = time.GetUtcNow() - TimeSpan.FromSeconds(options.GraceSeconds);
        await FreeSlotsAsync(due, cancellationToken);
        foreach (var stuck in await store.UnansweredAsync(due, cancellationToken))
        {
            await resender.ResendAsync(stuck);
        }
    }

    /// <summary>Frees the slots of requests whose answer another gateway recorded and whose notification was lost.</summary>
    private async Task FreeSlotsAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        var overdue = admission.DueBefore(due);
        var answered = await store.AnsweredAsync(overdue, cancellationToken);
        foreach (var id in overdue.Where(id => answered.GetValueOrDefault(id, true)))
        {
            admission.Leave(id);
        }
    }
}
