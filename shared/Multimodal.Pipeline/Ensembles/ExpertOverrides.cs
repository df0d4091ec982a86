using Multimodal.Inference.Batching;
using Multimodal.Inference.Sessions;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Settings of one expert.</summary>
internal sealed class ExpertOverrides
{
    /// <summary>The device that runs the model.</summary>
    public ExecutionOptions Execution { get; set; } = new();

    /// <summary>Batching.</summary>
    public BatchingOptions Batching { get; set; } = new();
}
