namespace Multimodal.Inference.Media;

/// <summary>The libraries that decode audio.</summary>
public enum AudioDecoderKind
{
    /// <summary>The native libraries if both load, else managed code.</summary>
    Auto,

    /// <summary>libsndfile and libsoxr.</summary>
    Native,

    /// <summary>NAudio, NLayer, NVorbis and Concentus.</summary>
    Managed,
}
