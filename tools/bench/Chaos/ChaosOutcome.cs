namespace Multimodal.Bench.Chaos;

/// <summary>What became of the requests.</summary>
/// <param name="Accepted">Requests that were accepted.</param>
/// <param name="Lost">Accepted requests that the store does not know.</param>
/// <param name="Stuck">Accepted requests without a result, long after their deadline.</param>
/// <param name="Duplicated">Requests with two ids or two different results.</param>
/// <param name="Partial">Answers without some expert.</param>
/// <param name="Failed">Answers without any expert.</param>
/// <param name="P99">99th percentile of the seconds from accept to answer.</param>
/// <param name="P50">Their median.</param>
internal sealed record ChaosOutcome(int Accepted, int Lost, int Stuck, int Duplicated, int Partial, int Failed, double P99, double P50);
