using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Clock;

/// <summary>Corrects the time of a process without a gateway from the beacons of the gateways.</summary>
internal sealed class ClockFollower(ClockChannel channel, ServiceClock clock, SkewLog skew, ClockOptions options)
{
    private readonly TaskCompletionSource _synchronized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OffsetFilter _filter = new();
    private readonly Lock _lock = new();

    /// <summary>
    /// Receives beacons, and waits for the first one, for at most two intervals: a gateway may not run yet, or may be of a version that sends none.
    /// </summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await channel.ServeAsync(Receive, cancellationToken);
        try
        {
            await _synchronized.Task.WaitAsync(TimeSpan.FromSeconds(2 * options.IntervalSeconds), clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The system clock applies until the first beacon.
        }
    }

    private void Receive(ClockBeacon beacon)
    {
        lock (_lock)
        {
            var step = beacon.SteppedSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
            var offset = _filter.Add(beacon.SentAt - clock.GetUtcNow(), step);
            skew.Correct(offset);
            _filter.Corrected(offset);
        }

        _synchronized.TrySetResult();
    }
}
