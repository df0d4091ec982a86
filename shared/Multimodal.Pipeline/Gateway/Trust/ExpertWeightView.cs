namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Trust in one expert, learned from feedback.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Trust">Trust in its opinions, in [0, 1].</param>
/// <param name="Weight">The learner's weight of it relative to an uninformed forecaster, in [0, 1]; 0.5 before any feedback.</param>
/// <param name="Feedbacks">Feedbacks on requests that it gave an opinion on.</param>
internal sealed record ExpertWeightView(string Name, double Trust, double Weight, long Feedbacks);
