using Multimodal.Inference.Batching;
using Multimodal.Inference.Sessions;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>One expert's own values.</summary>
internal sealed class ExpertOverrides
{
    /// <summary>The device that runs the model.</summary>
    public ExecutionOptions Execution { get; set; } = new();

    /// <summary>How items become batches.</summary>
    public BatchingOptions Batching { get; set; } = new();
}
