namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>What keeps a request from being shown to experts in shadow.</summary>
/// <param name="LoadOf">The load of an expert.</param>
/// <param name="Timeout">The time until the answer is due.</param>
internal readonly record struct ShadowLimits(Func<string, ExpertLoad> LoadOf, TimeSpan Timeout);
