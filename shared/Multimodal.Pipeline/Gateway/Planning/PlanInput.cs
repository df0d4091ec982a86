using System.Collections.Frozen;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>The planner's input for one request.</summary>
/// <param name="RequestId">The id, which decides the gate version.</param>
/// <param name="Options">Checked options.</param>
/// <param name="Modalities">The modalities that the request contains.</param>
/// <param name="Features">The gate's input.</param>
/// <param name="FeaturesMs">Milliseconds spent on computing the features, for the explanation.</param>
/// <param name="Timeout">Time from acceptance to the deadline.</param>
internal sealed record PlanInput(
    Guid RequestId, MultimodalRequestOptions Options, IReadOnlySet<Modality> Modalities, float[] Features, double FeaturesMs, TimeSpan Timeout)
{
    /// <summary>The modalities whose parts show nothing.</summary>
    public IReadOnlySet<Modality> Empty { get; init; } = FrozenSet<Modality>.Empty;
}
