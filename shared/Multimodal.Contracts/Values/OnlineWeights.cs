namespace Multimodal.Contracts.Values;

/// <summary>The trust weights in force when a plan was made. Feedback learns from these weights and from the recorded opinions.</summary>
public sealed record OnlineWeights
{
    /// <summary>Name of the learner, for example <c>fixed-share</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>Number of feedbacks learned from.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>Revision of the learner's state; increases with each change.</summary>
    public required long Revision { get; init; }

    /// <summary>Whether experts are selected without regard to trust, so that one with low trust can regain it.</summary>
    public required bool Explores { get; init; }

    /// <summary>The learner's weight of each planned expert relative to an uninformed expert, in [0, 1]; 0.5 before any feedback.</summary>
    public required IReadOnlyDictionary<string, double> Weights { get; init; }

    /// <summary>
    /// Fingerprint of the ensemble's labels in order. An opinion is indexed by label, and the labels may have changed when feedback arrives.
    /// Null in a plan of a version that did not store it.
    /// </summary>
    public string? Labels { get; init; }
}
