namespace Multimodal.Contracts.Values;

/// <summary>What feedback had taught when a plan was made: with the opinions that come later, all that a later feedback learns from.</summary>
public sealed record OnlineWeights
{
    /// <summary>Name of the learner, for example <c>fixed-share</c>.</summary>
    public required string Learner { get; init; }

    /// <summary>Feedbacks learned from.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>Number of the learner's state; each change has a higher one.</summary>
    public required long Revision { get; init; }

    /// <summary>Whether experts are asked as if all were believed, so that one that is not can show that it is better than its name.</summary>
    public required bool Explores { get; init; }

    /// <summary>The learner's weight of each planned expert against one who knows nothing, in [0, 1]; one half before any feedback.</summary>
    public required IReadOnlyDictionary<string, double> Weights { get; init; }

    /// <summary>
    /// Fingerprint of the ensemble's labels in their order: opinions mean something by their place, and labels may be others when the truth is told.
    /// Null in a plan from before it was noted.
    /// </summary>
    public string? Labels { get; init; }
}
