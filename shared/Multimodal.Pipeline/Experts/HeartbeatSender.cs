using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Experts;

/// <summary>Tells the gateways every few seconds which experts this worker serves, and when it stops serving them.</summary>
internal sealed partial class HeartbeatSender(
    HeartbeatChannel channel, HostedExperts experts, Readiness readiness, ExpertOptions options, TimeProvider time, ILogger<HeartbeatSender> logger)
    : BackgroundService
{
    private readonly Guid _worker = Guid.NewGuid();

    private TimeSpan Interval => TimeSpan.FromSeconds(options.HeartbeatSeconds);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (channel.IsOpen)
        {
            await SendAsync(isLeaving: true, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.Opened.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await SendAsync(isLeaving: false, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SendAsync(bool isLeaving, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Interval);
        try
        {
            var served = await channel.CountWaitingAsync(experts.All, timeout.Token);
            await channel.SendAsync(new WorkerHeartbeat { Worker = _worker, IsLeaving = isLeaving, Experts = served }, timeout.Token);
            PipelineMetrics.HeartbeatSent();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The next heartbeat replaces this one.
            LogNotSent();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A heartbeat could not be sent because the broker is away; the next one follows.")]
    private partial void LogNotSent();
}
