using System.Collections.Frozen;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>The checked parts of a request, with the gate's features.</summary>
/// <param name="MediaTypes">The media type of each part, detected from its bytes.</param>
/// <param name="Features">The gate's input.</param>
/// <param name="FeaturesMs">Milliseconds spent on computing the features.</param>
internal sealed record RequestParts(IReadOnlyDictionary<Modality, string> MediaTypes, float[] Features, double FeaturesMs)
{
    /// <summary>The modalities that the request contains.</summary>
    public IReadOnlySet<Modality> Modalities { get; } = MediaTypes.Keys.ToHashSet();

    /// <summary>The parts, with what the features were computed from.</summary>
    public required IReadOnlyDictionary<Modality, MediaContent> Contents { get; init; }

    /// <summary>The modalities whose parts show nothing.</summary>
    public IReadOnlySet<Modality> Empty { get; init; } = FrozenSet<Modality>.Empty;
}
