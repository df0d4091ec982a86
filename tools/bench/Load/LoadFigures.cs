namespace Multimodal.Bench.Load;

/// <summary>Results of a load.</summary>
/// <param name="Replies">One per post.</param>
/// <param name="Duration">Duration of the posting.</param>
/// <param name="DeadlineMs">Deadline of each request, in milliseconds.</param>
internal sealed record LoadFigures(IReadOnlyList<LoadReply> Replies, TimeSpan Duration, int DeadlineMs)
{
    // The combiner enforces the deadline; the answer's timestamp is taken slightly after its timer fires.
    private const double TimerMs = 100;

    /// <summary>Posted requests per second.</summary>
    public double Offered => Replies.Count / Duration.TotalSeconds;

    /// <summary>Answers with a label by the deadline, per second.</summary>
    public double Goodput => Replies.Count(IsGood) / Duration.TotalSeconds;

    /// <summary>Accepted requests.</summary>
    public int Accepted => Replies.Count(reply => reply.Status == 200);

    /// <summary>Refused requests.</summary>
    public int Refused => Replies.Count(reply => reply.Status == 503);

    /// <summary>Share of accepted requests with a label by the deadline; 1 if none was accepted.</summary>
    public double InTime => Accepted == 0 ? 1 : (double)Replies.Count(IsGood) / Accepted;

    /// <summary>Refusals without Retry-After, and replies that are neither an answer nor a refusal.</summary>
    public int Unexpected => Replies.Count(reply => reply.Status != 200 && !(reply.Status == 503 && reply.HasRetryAfter));

    /// <summary>99th percentile of the milliseconds until a refusal; 0 if there is none.</summary>
    public double RefusedP99Ms => Percentile(Replies.Where(reply => reply.Status == 503).Select(reply => reply.Elapsed.TotalMilliseconds), 0.99);

    /// <summary>Percentile of the milliseconds from acceptance to answer.</summary>
    public double AnswerMs(double share) => Percentile(Replies.Where(reply => reply.Status == 200).Select(reply => reply.TotalMs), share);

    private bool IsGood(LoadReply reply) => reply is { Status: 200, HasLabel: true } && reply.TotalMs <= DeadlineMs + TimerMs;

    /// <summary>Percentile of unsorted values; 0 if there are none.</summary>
    internal static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
