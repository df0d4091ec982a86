namespace Multimodal.Bench.Crash;

/// <summary>Outcome of a crash run.</summary>
/// <param name="Accepted">Accepted requests.</param>
/// <param name="Killed">SIGKILLs sent.</param>
/// <param name="Lost">Accepted requests without a result.</param>
/// <param name="Duplicated">Requests with more than one id or more than one distinct result.</param>
/// <param name="PayloadsLeft">Files left in the blob folder after the last answer.</param>
/// <param name="Retries">Retried posts.</param>
/// <param name="Elapsed">Duration of the whole run.</param>
internal sealed record CrashOutcome(int Accepted, int Killed, int Lost, int Duplicated, int PayloadsLeft, int Retries, TimeSpan Elapsed);
