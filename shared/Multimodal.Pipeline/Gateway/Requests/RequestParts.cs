using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>The checked parts of a request, with the gate's features.</summary>
/// <param name="MediaTypes">The media type of each part, found in its bytes.</param>
/// <param name="Features">The gate's input.</param>
/// <param name="FeaturesMs">Milliseconds that computing the features took.</param>
internal sealed record RequestParts(IReadOnlyDictionary<Modality, string> MediaTypes, float[] Features, double FeaturesMs)
{
    /// <summary>The modalities that the request contains.</summary>
    public IReadOnlySet<Modality> Modalities { get; } = MediaTypes.Keys.ToHashSet();
}
