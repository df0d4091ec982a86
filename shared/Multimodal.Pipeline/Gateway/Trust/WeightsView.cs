using System.Text.Json;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Trust that an ensemble learned from feedback.</summary>
/// <param name="Ensemble">Its name.</param>
/// <param name="Learner">Name of the learner.</param>
/// <param name="Loss">Name of the loss that evaluates opinions.</param>
/// <param name="Feedbacks">Feedbacks learned from.</param>
/// <param name="Revision">Revision of the state; increases with each change.</param>
/// <param name="Experts">Its experts, in the gate's order.</param>
/// <param name="State">The complete trust state.</param>
internal sealed record WeightsView(
    string Ensemble, string Learner, string Loss, long Feedbacks, long Revision, IReadOnlyList<ExpertWeightView> Experts, JsonElement State);
