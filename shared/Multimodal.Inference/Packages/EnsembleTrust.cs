namespace Multimodal.Inference.Packages;

/// <summary>How feedback teaches whom to believe.</summary>
/// <param name="Learner">Name of the online learner.</param>
/// <param name="Loss">Name of the loss that a feedback is judged by.</param>
/// <param name="Strength">How sharply distrust acts, above 0; 1 takes the learner at its word.</param>
/// <param name="Explore">Share in [0, 1] of the requests whose experts are asked as if all were believed.</param>
/// <param name="Share">What <c>fixed-share</c> and <c>moe-f</c> spread again at each feedback, in [0, 1).</param>
/// <param name="Rate">Learning rate of <c>hedge</c> and <c>fixed-share</c>, above 0.</param>
public sealed record EnsembleTrust(
    string Learner, string Loss = "brier", double Strength = 1, double Explore = 0.1, double Share = 0.01, double Rate = 0.5);
