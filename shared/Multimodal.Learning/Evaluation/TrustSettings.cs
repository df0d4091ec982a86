using Multimodal.Learning.Online;

namespace Multimodal.Learning.Evaluation;

/// <summary>How trust is learned from feedback and acts.</summary>
/// <param name="Learner">A name of <see cref="OnlineLearners"/>.</param>
/// <param name="Loss">One of <see cref="ExpertTrust.Losses"/>.</param>
/// <param name="Strength">See <see cref="ExpertTrust.Of"/>.</param>
/// <param name="Explore">Share of the requests that are asked as if all were believed.</param>
/// <param name="Settings">Of the learner; null for the defaults.</param>
public sealed record TrustSettings(string Learner, string Loss, double Strength = 1, double Explore = 0.1, OnlineSettings? Settings = null);
