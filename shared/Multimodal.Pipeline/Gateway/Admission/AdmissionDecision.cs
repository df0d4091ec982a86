namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>The decision about a request before its body is read.</summary>
/// <param name="Held">The request waits for its turn; otherwise null.</param>
/// <param name="RetryAfter">The request is refused and should return after this time; otherwise null.</param>
internal readonly record struct AdmissionDecision(Place? Held, TimeSpan? RetryAfter);
