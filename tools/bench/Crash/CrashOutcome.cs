namespace Multimodal.Bench.Crash;

/// <summary>What a crash run found.</summary>
/// <param name="Accepted">Requests that the service accepted.</param>
/// <param name="Killed">SIGKILLs sent.</param>
/// <param name="Lost">Accepted requests without a result.</param>
/// <param name="Duplicated">Requests with more than one id, or with two different results.</param>
/// <param name="PayloadsLeft">Files in the blob folder when everything was answered.</param>
/// <param name="Retries">Posts that the clients had to repeat.</param>
/// <param name="Elapsed">Time for everything.</param>
internal sealed record CrashOutcome(int Accepted, int Killed, int Lost, int Duplicated, int PayloadsLeft, int Retries, TimeSpan Elapsed);
