namespace Multimodal.Contracts.Values;

/// <summary>The learning from feedback behind an answer, for a reader.</summary>
/// <param name="Learner">Name of the learner.</param>
/// <param name="Feedbacks">Feedbacks it had learned from.</param>
/// <param name="Revision">Number of its state.</param>
/// <param name="Explores">Whether experts were asked as if all were believed.</param>
public sealed record OnlineReport(string Learner, long Feedbacks, long Revision, bool Explores);
