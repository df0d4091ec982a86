namespace Multimodal.Bench.Fairness;

/// <summary>Results of a load of polite and rude clients.</summary>
/// <param name="Requests">All requests, also those that were not accepted.</param>
/// <param name="Duration">Duration of the load.</param>
/// <param name="Unexpected">Replies that are neither an answer nor a refusal with Retry-After.</param>
internal sealed record FairnessFigures(IReadOnlyList<FairnessRequest> Requests, TimeSpan Duration, int Unexpected)
{
    /// <summary>Requests accepted per second.</summary>
    public double AcceptedPerSecond => Requests.Count(request => request.IsAccepted) / Duration.TotalSeconds;

    /// <summary>Answers with a label by the deadline, per second.</summary>
    public double Goodput => Requests.Count(request => request.IsInTime) / Duration.TotalSeconds;

    /// <summary>The requests of one kind of client.</summary>
    public IReadOnlyList<FairnessRequest> Of(FairnessKind kind) => [.. Requests.Where(request => request.Kind == kind)];

    /// <summary>Percentile of a figure; 1 is the maximum.</summary>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    /// <summary>The largest number of requests that were posted later than a polite one and accepted before it.</summary>
    public int MaxOvertaken() => Of(FairnessKind.Polite)
        .Select(one => Requests.Count(other => other.IsAccepted && other.FirstAt > one.FirstAt && other.LastAt < one.LastAt))
        .DefaultIfEmpty()
        .Max();
}
