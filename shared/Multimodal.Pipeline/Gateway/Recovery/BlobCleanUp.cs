using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>
/// Deletes payloads that a crash left behind. A payload is written before its request's row and deleted after its result, so a crash in
/// between leaves it without an owner. Runs at the start of a gateway and every <c>CleanUpMinutes</c>.
/// </summary>
internal sealed partial class BlobCleanUp(
    IBlobStore blobs, RequestStore store, Readiness readiness, BlobOptions options, TimeProvider time, ILogger<BlobCleanUp> logger)
    : BackgroundService
{
    private const int BatchSize = 500;
    private static readonly TimeSpan SharedOrphanAge = TimeSpan.FromHours(1);

    /// <summary>Deletes orphaned payloads once. If the blob store is unavailable, the next run deletes them.</summary>
    /// <param name="writtenBefore">Younger payloads are kept, because a gateway may be about to store their row.</param>
    /// <param name="cancellationToken">Cancels the clean-up.</param>
    public async Task RunAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken)
    {
        try
        {
            var removed = 0;
            var batch = new List<(string Tenant, Guid Request)>(BatchSize);
            await foreach (var found in blobs.RequestsAsync(writtenBefore, cancellationToken))
            {
                batch.Add(found);
                if (batch.Count == BatchSize)
                {
                    removed += await RemoveAsync(batch, cancellationToken);
                }
            }

            removed += await RemoveAsync(batch, cancellationToken);
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

    /// <summary>The time before which a payload without a row is an orphan.</summary>
    public DateTimeOffset OrphanedBefore() => time.GetUtcNow() - SharedOrphanAge;

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
                await RunAsync(OrphanedBefore(), stoppingToken);
            }
            catch (System.Data.Common.DbException exception)
            {
                if (exception is not StoreUnavailableException)
                {
                    LogFailed(exception);
                }
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the payloads of {Requests} request(s) that an earlier process left behind.")]
    private partial void LogRemoved(int requests);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Searching for orphaned payloads failed; the next run retries.")]
    private partial void LogFailed(Exception exception);
}
