using Microsoft.Extensions.Logging;

namespace Multimodal.Pipeline.Clock;

/// <summary>Corrects the service's time and logs skew of the system clock: once when it stays beyond the limit, and once when it is back within it.</summary>
internal sealed partial class SkewLog(ServiceClock clock, ClockOptions options, ILogger<SkewLog> logger)
{
    /// <summary>A single measurement may be wrong, because a message was late.</summary>
    private const int Confirmations = 3;

    private int _beyondLimit;

    /// <summary>Applies a correction.</summary>
    /// <param name="by">The correction; positive moves the service's time forward.</param>
    public void Correct(TimeSpan by)
    {
        clock.Correct(by);
        if (by.Duration().TotalSeconds > options.WarnSkewSeconds)
        {
            LogMoved(by.TotalSeconds);
        }

        var skew = clock.Skew;
        if (skew.Duration().TotalSeconds > options.WarnSkewSeconds)
        {
            if (++_beyondLimit == Confirmations)
            {
                LogSkewed(Environment.MachineName, skew.TotalSeconds);
            }
        }
        else
        {
            if (_beyondLimit >= Confirmations)
            {
                LogAgrees(Environment.MachineName);
            }

            _beyondLimit = 0;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service's time moved by {Seconds:0.000} s to follow the reference clock.")]
    private partial void LogMoved(double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system clock of host {Host} differs by {Seconds:0.000} s from the service's time. Deadlines are corrected; synchronize the host's clock, for example with NTP.")]
    private partial void LogSkewed(string host, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "The system clock of host {Host} agrees with the service's time again.")]
    private partial void LogAgrees(string host);
}
