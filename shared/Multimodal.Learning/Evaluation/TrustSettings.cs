using Multimodal.Learning.Online;

namespace Multimodal.Learning.Evaluation;

/// <summary>How trust is learned from feedback and how it acts.</summary>
/// <param name="Learner">One of <see cref="ExpertTrust.Learners"/>.</param>
/// <param name="Loss">One of <see cref="ExpertTrust.Losses"/>.</param>
/// <param name="Strength">Exponent of the odds (<see cref="ExpertTrust.FromWeight"/>), above 0.</param>
/// <param name="Explore">Share of the requests, in [0, 1], whose experts are asked as if all had full trust.</param>
/// <param name="Settings">Settings of the learner; null for the defaults.</param>
public sealed record TrustSettings(string Learner, string Loss, double Strength = 1, double Explore = 0.1, OnlineSettings? Settings = null);
