namespace Multimodal.Contracts.Values;

/// <summary>The state of learning from feedback when a request was planned, as reported to clients.</summary>
/// <param name="Learner">Name of the learner.</param>
/// <param name="Feedbacks">Number of feedbacks learned from.</param>
/// <param name="Revision">Revision of the learner's state.</param>
/// <param name="Explores">Whether experts were selected without regard to trust, for exploration.</param>
public sealed record OnlineReport(string Learner, long Feedbacks, long Revision, bool Explores);
