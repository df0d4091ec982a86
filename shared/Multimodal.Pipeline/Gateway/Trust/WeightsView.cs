using System.Text.Json;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>What an ensemble learned from feedback.</summary>
/// <param name="Ensemble">Its name.</param>
/// <param name="Learner">Name of the learner.</param>
/// <param name="Loss">Name of the loss that feedback is judged by.</param>
/// <param name="Feedbacks">Feedbacks learned from.</param>
/// <param name="Revision">Number of the state; each change has a higher one.</param>
/// <param name="Experts">Its experts, in the gate's order.</param>
/// <param name="State">All that was learned.</param>
internal sealed record WeightsView(
    string Ensemble, string Learner, string Loss, long Feedbacks, long Revision, IReadOnlyList<ExpertWeightView> Experts, JsonElement State);
