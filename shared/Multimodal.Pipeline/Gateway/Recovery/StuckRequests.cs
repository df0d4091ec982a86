using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>Finds requests without a result whose deadline has passed, or is too late because the clock moved back.</summary>
internal sealed class StuckRequests(RequestStore store, Resender resender, AdmissionControl admission, StoreOptions options, TimeProvider time)
{
    /// <summary>By how much the clocks of two gateways may differ.</summary>
    private static readonly TimeSpan MaxDifference = TimeSpan.FromSeconds(5);

    /// <summary>Resends them.</summary>
    public async Task ResendAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = now - TimeSpan.FromSeconds(options.GraceSeconds);
        await FreeSlotsAsync(due, cancellationToken);
        foreach (var stuck in await store.UnansweredAsync(due, cancellationToken))
        {
            await resender.ResendAsync(stuck);
        }

        foreach (var early in await store.SentAfterAsync(now + MaxDifference, cancellationToken))
        {
            await resender.ResendAsync(early);
        }
    }

    /// <summary>Frees the slots of requests whose answer was recorded by another gateway but whose notification was lost.</summary>
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
