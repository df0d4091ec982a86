namespace Multimodal.Bench.Load;

/// <summary>What one post got.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Elapsed">Until the client had it.</param>
/// <param name="HasLabel">Whether it is an answer with a label.</param>
/// <param name="TotalMs">Milliseconds from accept to answer, as the answer says.</param>
/// <param name="HasRetryAfter">Whether a refusal says when to try again.</param>
internal sealed record LoadReply(int Status, TimeSpan Elapsed, bool HasLabel, double TotalMs, bool HasRetryAfter);
