namespace Multimodal.Bench.Chaos;

/// <summary>Outcome of a chaos run.</summary>
/// <param name="Accepted">Accepted requests.</param>
/// <param name="Lost">Accepted requests that the store does not know.</param>
/// <param name="Stuck">Accepted requests that have no result long after their deadline.</param>
/// <param name="Duplicated">Requests with two ids or two different results.</param>
/// <param name="Partial">Answers that miss at least one expert.</param>
/// <param name="Failed">Answers without any expert.</param>
/// <param name="P99">99th percentile of the time from acceptance to answer, in seconds.</param>
/// <param name="P50">Median of that time, in seconds.</param>
internal sealed record ChaosOutcome(int Accepted, int Lost, int Stuck, int Duplicated, int Partial, int Failed, double P99, double P50);
