using Multimodal.Inference.Batching;
using Multimodal.Inference.Media;
using Multimodal.Inference.Sessions;

namespace Multimodal.Inference.Experts;

/// <summary>The settings that an expert runs with. Each section is validated separately.</summary>
public sealed record ExpertSettings
{
    /// <summary>The device and the threads of the model.</summary>
    public ExecutionOptions Execution { get; init; } = new();

    /// <summary>How items are combined into batches.</summary>
    public BatchingOptions Batching { get; init; } = new();

    /// <summary>The media limits and decoders.</summary>
    public MediaOptions Media { get; init; } = new();
}
