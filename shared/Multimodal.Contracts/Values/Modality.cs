namespace Multimodal.Contracts.Values;

/// <summary>The medium of one part of a request.</summary>
public enum Modality
{
    /// <summary>Unicode text.</summary>
    Text,

    /// <summary>A still image.</summary>
    Image,

    /// <summary>A sound recording.</summary>
    Audio,
}
