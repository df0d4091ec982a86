using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>
/// Resends accepted requests whose message may be lost. The old deadline has passed or is about to, so the request gets a new deadline: now
/// plus the timeout that the client set, but at least a second, because the resend itself takes time. After the maximum number of attempts the answer is <c>failed</c>.
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
    private const long MinTimeoutMs = 1000;

    /// <summary>Resends one request.</summary>
    public async Task ResendAsync(StoredRequest request)
    {
        var deadline = time.GetUtcNow() + TimeSpan.FromMilliseconds(Math.Max(request.TimeoutMs, MinTimeoutMs));
        if (!await store.RescheduleAsync(request, deadline))
        {
            return;
        }

        using var span = Traces.Receive("multimodal.resend", request.Fuse.TraceContext, request.Id);

        // A removed ensemble cannot answer.
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
            await sender.SendAsync(await store.FuseOfAsync(request, CancellationToken.None) with { Deadline = deadline });
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is resent, attempt {Sends}.")]
    private partial void LogResent(Guid requestId, long sends);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} has no result after {Sends} attempts and gets the status failed.")]
    private partial void LogGivenUp(Guid requestId, long sends);
}
