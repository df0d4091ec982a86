using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>
/// Sends accepted requests again whose message may be lost. The old deadline has passed or is about to, and a late answer is more useful than
/// none, so the new deadline is now plus the time that the client gave at first. After the maximum number of attempts the answer is <c>failed</c>.
/// </summary>
internal sealed partial class Resender(
    RequestStore store,
    FuseSender sender,
    EnsembleCatalog ensembles,
    AbandonedRequests abandoned,
    StoreOptions options,
    TimeProvider time,
    ILogger<Resender> logger)
{
    /// <summary>Sends one request again.</summary>
    public async Task ResendAsync(StoredRequest request)
    {
        var deadline = time.GetUtcNow() + TimeSpan.FromMilliseconds(request.Budget);
        if (!await store.RescheduleAsync(request, deadline))
        {
            return;
        }

        using var span = Traces.Receive("multimodal.resend", request.Fuse.TraceContext, request.Id);

        // An ensemble that was removed cannot answer either.
        if (request.Sends >= options.MaxSends || !ensembles.TryGet(request.Ensemble, out _))
        {
            LogGivenUp(request.Id, request.Sends);
            PipelineMetrics.GivenUp();
            await abandoned.FailAsync(request);
        }
        else
        {
            LogResent(request.Id, request.Sends + 1);
            PipelineMetrics.Resent();
            await sender.SendAsync(request.Fuse with { Deadline = deadline });
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is sent again, attempt {Sends}.")]
    private partial void LogResent(Guid requestId, long sends);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} has no result after {Sends} attempts and is answered as failed.")]
    private partial void LogGivenUp(Guid requestId, long sends);
}
