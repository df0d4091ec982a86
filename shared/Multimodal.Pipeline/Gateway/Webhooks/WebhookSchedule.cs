namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>When a failed delivery is tried again.</summary>
internal static class WebhookSchedule
{
    private const double Growth = 4;
    private const double Spread = 0.25;

    /// <summary>
    /// The wait before the next try: <c>FirstWaitSeconds</c> times 4 to the power of the tries so far minus one, at most
    /// <c>MaxWaitSeconds</c>, times a factor in [0.75, 1.25) that is drawn from the request's id. So what failed together does not come
    /// back together, and every gateway computes the same.
    /// </summary>
    /// <param name="options">The first and the longest wait.</param>
    /// <param name="request">Whose result it is.</param>
    /// <param name="tries">How often it was tried, at least 1.</param>
    public static TimeSpan Wait(WebhookOptions options, Guid request, int tries)
    {
        var wait = Math.Min(options.MaxWaitSeconds, options.FirstWaitSeconds * Math.Pow(Growth, tries - 1));
        var draw = new Random(request.GetHashCode() ^ tries).NextDouble();
        return TimeSpan.FromSeconds(wait * (1 - Spread + (2 * Spread * draw)));
    }
}
