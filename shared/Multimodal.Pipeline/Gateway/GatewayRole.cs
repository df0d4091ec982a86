using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Amqp;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Gateway.Recovery;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Trust;

namespace Multimodal.Pipeline.Gateway;

/// <summary>Starts a gateway: it consumes results first and accepts requests last.</summary>
internal sealed class GatewayRole(
    ResultConsumer results,
    StartupRecovery recovery,
    WarmUp warmUp,
    TrustCache trust,
    ExpertDirectory experts,
    GatewayListener? listener = null,
    AmqpRequestConsumer? requests = null)
{
    /// <summary>Starts recording results and receiving heartbeats.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await results.ConnectAsync(cancellationToken);
        if (listener is not null)
        {
            await listener.ConnectAsync(cancellationToken);
        }
    }

    /// <summary>Warms up the code that reads and plans requests.</summary>
    public Task WarmUpAsync(IReadOnlyCollection<Ensemble> ensembles, CancellationToken cancellationToken) => warmUp.RunAsync(ensembles, cancellationToken);

    /// <summary>Loads trust, resends the requests of an earlier process, and waits for workers.</summary>
    public async Task OpenAsync(IReadOnlyCollection<Ensemble> ensembles, CancellationToken cancellationToken)
    {
        await trust.RefreshAsync(cancellationToken);
        await recovery.RunAsync(cancellationToken);
        await experts.WaitForWorkersAsync(ensembles, cancellationToken);
        if (requests is not null)
        {
            await requests.ConnectAsync(cancellationToken);
        }
    }
}
