namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>What feedback taught about one expert.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Trust">How far it is believed, in [0, 1].</param>
/// <param name="Weight">The learner's weight of it against one who knows nothing, in [0, 1]; one half before any feedback.</param>
/// <param name="Feedbacks">Feedbacks about its own opinions.</param>
internal sealed record ExpertWeightView(string Name, double Trust, double Weight, long Feedbacks);
