namespace Multimodal.Bench.Fairness;

/// <summary>The clients of a load.</summary>
/// <param name="Polite">Clients that honour Retry-After; one in ten sends no Idempotency-Key.</param>
/// <param name="Rude">Clients that retry at once.</param>
/// <param name="PerSecond">Requests that all polite clients together want to post per second.</param>
/// <param name="Duration">Duration of the load.</param>
internal sealed record FairnessPlan(int Polite, int Rude, double PerSecond, TimeSpan Duration);
