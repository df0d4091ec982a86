using Microsoft.Extensions.Options;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Media;
using Multimodal.Inference.Sessions;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>
/// The execution of experts. Settings for one expert go under <c>Experts:&lt;name&gt;:Execution</c> and <c>:Batching</c>.
/// </summary>
internal sealed class InferenceOptions
{
    /// <summary>Limits on one part of a request.</summary>
    [ValidateObjectMembers(typeof(Inference.Media.MediaOptionsValidator))]
    public MediaOptions Media { get; set; } = new();

    /// <summary>The device that runs the models.</summary>
    [ValidateObjectMembers(typeof(ExecutionOptionsValidator))]
    public ExecutionOptions Execution { get; set; } = new();

    /// <summary>Batching.</summary>
    [ValidateObjectMembers(typeof(BatchingOptionsValidator))]
    public BatchingOptions Batching { get; set; } = new();

    /// <summary>Settings of single experts, by name. Each key overrides the setting of the same name for all experts.</summary>
    public Dictionary<string, ExpertOverrides> Experts { get; } = [];
}
