namespace Multimodal.Bench.Load;

/// <summary>The reply to one post.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Elapsed">Time until the client received it.</param>
/// <param name="HasLabel">Whether it is an answer with a label.</param>
/// <param name="TotalMs">Milliseconds from acceptance to answer, from the answer.</param>
/// <param name="HasRetryAfter">Whether a refusal has a Retry-After header.</param>
internal sealed record LoadReply(int Status, TimeSpan Elapsed, bool HasLabel, double TotalMs, bool HasRetryAfter);
