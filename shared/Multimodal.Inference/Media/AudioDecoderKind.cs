namespace Multimodal.Inference.Media;

/// <summary>What decodes sound.</summary>
public enum AudioDecoderKind
{
    /// <summary>Native if both libraries load, else managed.</summary>
    Auto,

    /// <summary>libsndfile and libsoxr.</summary>
    Native,

    /// <summary>NAudio, NLayer, NVorbis and Concentus.</summary>
    Managed,
}
