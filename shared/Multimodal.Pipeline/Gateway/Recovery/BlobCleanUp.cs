using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>
/// Removes what crashes left: a payload is written before its request's row and removed after its result, so one in between stays
/// alone. Runs at the start of a gateway and every <c>CleanUpMinutes</c>.
/// </summary>
internal sealed partial class BlobCleanUp(
    IBlobStore blobs, RequestStore store, Readiness readiness, BlobOptions options, TimeProvider time, ILogger<BlobCleanUp> logger)
    : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan SharedOrphanAge = TimeSpan.FromHours(1);

    /// <summary>Removes them once. A store that is away is looked after later.</summary>
    /// <param name="youngest">Younger ones stay: somebody may be about to store their row.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(DateTimeOffset youngest, CancellationToken cancellationToken)
    {
        try
        {
            var removed = 0;
            var some = new List<(string Tenant, Guid Request)>(Batch);
            await foreach (var found in blobs.RequestsAsync(youngest, cancellationToken))
            {
                some.Add(found);
                if (some.Count == Batch)
                {
                    removed += await RemoveAsync(some, cancellationToken);
                }
            }

            removed += await RemoveAsync(some, cancellationToken);
            if (removed > 0)
            {
                LogRemoved(removed);
            }
        }
        catch (IOException exception)
        {
            LogFailed(exception);
        }
    }

    /// <summary>The age from which nobody can be in between any more.</summary>
    public DateTimeOffset Youngest() => time.GetUtcNow() - SharedOrphanAge;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(options.CleanUpMinutes), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!readiness.IsReady)
            {
                continue;
            }

            try
            {
                await RunAsync(Youngest(), stoppingToken);
            }
            catch (System.Data.Common.DbException exception)
            {
                LogFailed(exception);
            }
        }
    }

    private async Task<int> RemoveAsync(List<(string Tenant, Guid Request)> found, CancellationToken cancellationToken)
    {
        var removed = 0;
        var answered = await store.AnsweredAsync(found.Select(blob => blob.Request), cancellationToken);
        foreach (var (tenant, request) in found)
        {
            var isKnown = answered.TryGetValue(request, out var isAnswered);
            if (!isKnown || (isAnswered && !options.KeepAfterAnswer))
            {
                await blobs.DeleteAsync(tenant, request, cancellationToken);
                removed++;
            }
        }

        found.Clear();
        return removed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the payloads of {Requests} request(s) that an earlier process had left.")]
    private partial void LogRemoved(int requests);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Payloads that were left behind could not be looked for; it is tried again later.")]
    private partial void LogFailed(Exception exception);
}
