using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Recovery;

/// <summary>
/// Sends accepted requests again that may have been lost. The new deadline is now plus what the client gave at first: the old
/// one is over or nearly so, and a late answer is of more use than none. After too many sendings the answer is <c>failed</c>.
/// </summary>
internal sealed partial class Resender(
    RequestStore store,
    FuseSender sender,
    EnsembleCatalog ensembles,
    IResultChannel results,
    MultimodalOptions options,
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

        // An ensemble that was removed cannot answer any more either.
        if (request.Sends >= options.Store.MaxSends || !ensembles.TryGet(request.Ensemble, out _))
        {
            // Published like any answer, so that clients with a queue of their own hear of it too.
            LogGivenUp(request.Id, request.Sends);
            PipelineMetrics.GivenUp();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.Transport.Broker.SendSeconds), time);
            await results.PublishAsync(Failed(request), patience.Token);
        }
        else
        {
            LogResent(request.Id, request.Sends + 1);
            PipelineMetrics.Resent();
            await sender.SendAsync(request.Fuse with { Deadline = deadline });
        }
    }

    private AnswerCombined Failed(StoredRequest request)
    {
        var fuse = request.Fuse;
        var answer = AnswerAssembly.Failed(fuse, (time.GetUtcNow() - fuse.AcceptedAt).TotalMilliseconds);
        return new AnswerCombined
        {
            Tenant = fuse.Tenant,
            Subscription = fuse.Subscription,
            Answer = answer,
            Opinions = new Dictionary<string, IReadOnlyList<double>>(),
            Gateway = fuse.Gateway,
            ReplyTo = fuse.ReplyTo,
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {RequestId} is sent again, for the {Sends}. time.")]
    private partial void LogResent(Guid requestId, long sends);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} was sent {Sends} times without a result; it is given up as failed.")]
    private partial void LogGivenUp(Guid requestId, long sends);
}
