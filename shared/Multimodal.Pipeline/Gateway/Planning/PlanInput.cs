using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>What the planner must know of a request.</summary>
/// <param name="RequestId">The id, which decides the version of the gate.</param>
/// <param name="Options">Checked options.</param>
/// <param name="Modalities">The modalities that the request contains.</param>
/// <param name="Features">The gate's input.</param>
/// <param name="FeaturesMs">Milliseconds that computing the features took, for the report.</param>
/// <param name="Timeout">The time until the answer is due.</param>
internal sealed record PlanInput(
    Guid RequestId, MultimodalRequestOptions Options, IReadOnlySet<Modality> Modalities, float[] Features, double FeaturesMs, TimeSpan Timeout);
