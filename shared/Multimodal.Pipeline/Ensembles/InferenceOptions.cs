using Microsoft.Extensions.Options;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Media;
using Multimodal.Inference.Sessions;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>How experts run. One expert's own values go under <c>Experts:&lt;name&gt;:Execution</c> and <c>:Batching</c>.</summary>
internal sealed class InferenceOptions
{
    /// <summary>What one part of a request may cost.</summary>
    [ValidateObjectMembers(typeof(Inference.Media.MediaOptionsValidator))]
    public MediaOptions Media { get; set; } = new();

    /// <summary>The device that runs the models.</summary>
    [ValidateObjectMembers(typeof(ExecutionOptionsValidator))]
    public ExecutionOptions Execution { get; set; } = new();

    /// <summary>How items become batches.</summary>
    [ValidateObjectMembers(typeof(BatchingOptionsValidator))]
    public BatchingOptions Batching { get; set; } = new();

    /// <summary>Values for single experts, by name; they override the above key by key.</summary>
    public Dictionary<string, ExpertOverrides> Experts { get; } = [];
}
