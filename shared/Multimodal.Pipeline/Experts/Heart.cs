using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Pipeline.Telemetry;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Experts;

/// <summary>Tells the gateways every few seconds which experts this process serves, and when it stops serving them.</summary>
internal sealed partial class Heart(
    BrokerLink link, HostedExperts experts, Readiness readiness, MultimodalOptions options, TimeProvider time, ILogger<Heart> logger)
    : BackgroundService
{
    /// <summary>AMQP type of a heartbeat.</summary>
    public const string MessageType = "multimodal.heartbeat";

    private readonly Guid _worker = Guid.NewGuid();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (link.IsOpen)
        {
            await BeatAsync(isLeaving: true, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromSeconds(options.Experts.HeartbeatSeconds);
        await readiness.Opened.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            await BeatAsync(isLeaving: false, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task BeatAsync(bool isLeaving, CancellationToken cancellationToken)
    {
        var interval = TimeSpan.FromSeconds(options.Experts.HeartbeatSeconds);
        var properties = new BasicProperties { Type = MessageType, ContentType = "application/json" };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(interval);
        try
        {
            var heartbeat = new WorkerHeartbeat { Worker = _worker, IsLeaving = isLeaving, Experts = await DescribeAsync(patience.Token) };
            await link.PublishAsync(
                Topology.HeartbeatsExchange, "", properties, JsonSerializer.SerializeToUtf8Bytes(heartbeat, JsonFormat.Options), patience.Token);
            PipelineMetrics.HeartbeatSent();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The broker is away; the next beat is newer anyway.
            LogMissed();
        }
    }

    /// <summary>The experts of this process, and what waits for each on the broker: a worker holds no more than its prefetch, so it cannot see that.</summary>
    private async Task<IReadOnlyList<ServedExpert>> DescribeAsync(CancellationToken cancellationToken)
    {
        var served = experts.All;
        try
        {
            return await link.AdministerAsync<IReadOnlyList<ServedExpert>>(
                async channel =>
                {
                    List<ServedExpert> described = [];
                    foreach (var expert in served)
                    {
                        var waiting = await channel.MessageCountAsync(
                            Topology.ExpertQueue(expert.Ensemble, expert.Name, Priority.Normal), cancellationToken);
                        described.Add(expert with { Waiting = (int)Math.Min(waiting, int.MaxValue) });
                    }

                    return described;
                },
                cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The broker is away or short of something. That the worker lives matters more than what waits.
            return served;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A heartbeat could not be sent; the broker is away.")]
    private partial void LogMissed();
}
