namespace Multimodal.Bench.Load;

/// <summary>What a load got.</summary>
/// <param name="Replies">One per post.</param>
/// <param name="Duration">How long posts left.</param>
/// <param name="DeadlineMs">What each was given.</param>
internal sealed record LoadFigures(IReadOnlyList<LoadReply> Replies, TimeSpan Duration, int DeadlineMs)
{
    // The deadline is the combiner's; the clock of the answer is read a moment after its timer fired.
    private const double TimerMs = 100;

    /// <summary>Requests that left, a second.</summary>
    public double Offered => Replies.Count / Duration.TotalSeconds;

    /// <summary>Answers with a label in time, a second.</summary>
    public double Goodput => Replies.Count(IsGood) / Duration.TotalSeconds;

    /// <summary>Accepted requests.</summary>
    public int Accepted => Replies.Count(reply => reply.Status == 200);

    /// <summary>Refused requests.</summary>
    public int Refused => Replies.Count(reply => reply.Status == 503);

    /// <summary>Share of the accepted that got a label in time; 1 when nothing was accepted.</summary>
    public double Kept => Accepted == 0 ? 1 : (double)Replies.Count(IsGood) / Accepted;

    /// <summary>Refusals that do not say when to try again, and replies that are neither an answer nor such a refusal.</summary>
    public int Rude => Replies.Count(reply => reply.Status != 200 && !(reply.Status == 503 && reply.HasRetryAfter));

    /// <summary>99th percentile of the milliseconds until a refusal; 0 without any.</summary>
    public double RefusedP99Ms => Percentile(Replies.Where(reply => reply.Status == 503).Select(reply => reply.Elapsed.TotalMilliseconds), 0.99);

    /// <summary>Percentile of the milliseconds from accept to answer.</summary>
    public double AnswerMs(double share) => Percentile(Replies.Where(reply => reply.Status == 200).Select(reply => reply.TotalMs), share);

    private bool IsGood(LoadReply reply) => reply is { Status: 200, HasLabel: true } && reply.TotalMs <= DeadlineMs + TimerMs;

    private static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
