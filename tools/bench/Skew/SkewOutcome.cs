namespace Multimodal.Bench.Skew;

/// <summary>How the requests of one phase ended.</summary>
/// <param name="Phase">The state of the clocks.</param>
/// <param name="Requests">Requests posted.</param>
/// <param name="Completed">Requests with the status <c>completed</c>.</param>
/// <param name="Other">The other statuses and problem codes that occurred.</param>
/// <param name="P50">Median latency in milliseconds.</param>
/// <param name="Max">Maximum latency in milliseconds.</param>
internal sealed record SkewOutcome(string Phase, int Requests, int Completed, IReadOnlyList<string> Other, double P50, double Max);
