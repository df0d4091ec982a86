using Multimodal.Contracts.Values;
using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Events;

/// <summary>An expert's opinion on one part.</summary>
public sealed record ExpertAnswered : VersionedMessage
{
    /// <summary>The request's id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The expert's name.</summary>
    public required string Expert { get; init; }

    /// <summary>The expert package's version.</summary>
    public required string Version { get; init; }

    /// <summary>The device that ran the model, for example <c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Calibrated natural-log probabilities, one per label in the ensemble's order; finite, and exp sums to one.</summary>
    public required IReadOnlyList<double> LogProbabilities { get; init; }

    /// <summary>The time of each processing stage.</summary>
    public required StageTimings Timings { get; init; }
}
