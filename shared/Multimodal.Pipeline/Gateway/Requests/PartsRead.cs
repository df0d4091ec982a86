using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Parts whose bytes are what they should be.</summary>
/// <param name="MediaTypes">The media type found in the bytes of each part.</param>
/// <param name="Features">The gate's input.</param>
/// <param name="FeaturesMs">Milliseconds that the features took.</param>
internal sealed record PartsRead(IReadOnlyDictionary<Modality, string> MediaTypes, float[] Features, double FeaturesMs)
{
    /// <summary>The modalities that are there.</summary>
    public IReadOnlySet<Modality> Modalities { get; } = MediaTypes.Keys.ToHashSet();
}
