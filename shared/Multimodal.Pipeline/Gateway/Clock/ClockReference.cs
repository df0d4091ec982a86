using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway.Clock;

/// <summary>
/// Keeps this gateway's time equal to the reference, and sends it to the combiners and workers. All gateways of a service share the reference: the
/// clock of the database server. With a database file there is one gateway, and its own system clock is the reference.
/// </summary>
internal sealed partial class ClockReference(
    ServiceClock clock, SkewLog skew, RequestDatabase database, ClockOptions options, ILogger<ClockReference> logger, ClockChannel? channel = null)
    : BackgroundService
{
    /// <summary>A measurement that took longer is too inexact.</summary>
    private static readonly TimeSpan MaxRoundTrip = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the beacons announce a step: a beacon may be lost, or a broker may restart.</summary>
    private static readonly TimeSpan Announced = TimeSpan.FromSeconds(10);

    private const int MaxAttempts = 5;

    private bool _isUnreachable;
    private TimeSpan? _step;
    private long _steppedAt;

    /// <summary>Measures the reference. The first exchange with a server opens a connection and is too slow, so it is repeated.</summary>
    public async Task SynchronizeAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await OffsetAsync(cancellationToken) is { } offset)
            {
                if (offset.Duration() > OffsetFilter.MinStep)
                {
                    (_step, _steppedAt) = (offset, clock.GetTimestamp());
                }

                skew.Correct(offset);
                return;
            }
        }
    }

    /// <summary>Measures the reference, and sends the time.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SynchronizeAsync(cancellationToken);
            _isUnreachable = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The monotonic clock keeps the time meanwhile.
            if (exception is not StoreUnavailableException)
            {
                LogUnreachable(exception);
            }
        }

        if (channel is { IsOpen: true })
        {
            await SendAsync(channel, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.IntervalSeconds), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await FollowAsync(stoppingToken);
        }
    }

    /// <returns>How much to add to the service's time; null if the measurement is too inexact.</returns>
    private async Task<TimeSpan?> OffsetAsync(CancellationToken cancellationToken)
    {
        var sent = clock.GetTimestamp();
        if (await database.ServerTimeAsync(cancellationToken) is not { } server)
        {
            return clock.Skew;
        }

        var roundTrip = clock.GetElapsedTime(sent);
        return roundTrip > MaxRoundTrip ? null : server + (roundTrip / 2) - clock.GetUtcNow();
    }

    private async Task SendAsync(ClockChannel clocks, CancellationToken cancellationToken)
    {
        try
        {
            var step = _step is not null && clock.GetElapsedTime(_steppedAt) < Announced ? _step : null;
            await clocks.SendAsync(new ClockBeacon { SentAt = clock.GetUtcNow(), SteppedSeconds = step?.TotalSeconds }, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && BrokerConnection.IsConnectionFailure(exception))
        {
            // The next beacon replaces this one.
        }
    }

    private void LogUnreachable(Exception exception)
    {
        if (!_isUnreachable)
        {
            _isUnreachable = true;
            LogNotMeasured(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database server's clock cannot be read; this gateway's time continues from the last measurement.")]
    private partial void LogNotMeasured(Exception exception);
}
