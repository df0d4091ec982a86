namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>Computes when to retry a failed delivery.</summary>
internal static class WebhookSchedule
{
    private const double Growth = 4;
    private const double Spread = 0.25;

    /// <summary>
    /// The delay before the next attempt: <c>FirstWaitSeconds</c> times 4 to the power of the attempts so far minus one, at most
    /// <c>MaxWaitSeconds</c>, times a factor in [0.75, 1.25) derived from the request's id. The factor spreads deliveries that failed
    /// together, and every gateway computes the same.
    /// </summary>
    /// <param name="options">The first and the longest delay.</param>
    /// <param name="request">The request's id.</param>
    /// <param name="tries">Number of attempts so far, at least 1.</param>
    public static TimeSpan Delay(WebhookOptions options, Guid request, int tries)
    {
        var wait = Math.Min(options.MaxWaitSeconds, options.FirstWaitSeconds * Math.Pow(Growth, tries - 1));
        var draw = new Random(request.GetHashCode() ^ tries).NextDouble();
        return TimeSpan.FromSeconds(wait * (1 - Spread + (2 * Spread * draw)));
    }
}
