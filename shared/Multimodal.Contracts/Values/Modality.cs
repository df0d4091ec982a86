namespace Multimodal.Contracts.Values;

/// <summary>The kind of medium of one part of a request.</summary>
public enum Modality
{
    /// <summary>Unicode text.</summary>
    Text,

    /// <summary>A still image.</summary>
    Image,

    /// <summary>A sound recording.</summary>
    Audio,
}
