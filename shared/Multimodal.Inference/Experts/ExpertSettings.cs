using Multimodal.Inference.Batching;
using Multimodal.Inference.Media;
using Multimodal.Inference.Sessions;

namespace Multimodal.Inference.Experts;

/// <summary>How one expert is run; each part is valid by its own rules.</summary>
public sealed record ExpertSettings
{
    /// <summary>The device and its threads.</summary>
    public ExecutionOptions Execution { get; init; } = new();

    /// <summary>How items become batches.</summary>
    public BatchingOptions Batching { get; init; } = new();

    /// <summary>What media may cost.</summary>
    public MediaOptions Media { get; init; } = new();
}
