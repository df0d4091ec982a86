namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>Limits on asking shadow experts.</summary>
/// <param name="LoadOf">The load of an expert.</param>
/// <param name="Timeout">Time from acceptance to the deadline.</param>
internal readonly record struct ShadowLimits(Func<string, ExpertLoad> LoadOf, TimeSpan Timeout);
