namespace Multimodal.Inference.Packages;

/// <summary>The <c>online</c> section: how feedback adjusts the trust in each expert.</summary>
/// <param name="Learner">Name of the online learner.</param>
/// <param name="Loss">Name of the loss that is computed for each feedback.</param>
/// <param name="Strength">Exponent s in the trust min(1, w / (1 - w))^s of an expert with weight w, above 0.</param>
/// <param name="Explore">Share of requests, in [0, 1], that select experts as if the trust in each were 1.</param>
/// <param name="Share">Share of the weight, in [0, 1), that <c>fixed-share</c> and <c>moe-f</c> redistribute at each feedback.</param>
/// <param name="Rate">Learning rate of <c>hedge</c> and <c>fixed-share</c>, above 0.</param>
public sealed record EnsembleTrust(
    string Learner, string Loss = "brier", double Strength = 1, double Explore = 0.1, double Share = 0.01, double Rate = 0.5);
