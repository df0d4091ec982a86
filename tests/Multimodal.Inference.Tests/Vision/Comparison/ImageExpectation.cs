namespace Multimodal.Inference.Tests.Vision.Comparison;

/// <summary>What a decoder must do with a file.</summary>
public enum ImageExpectation
{
    /// <summary>Decode it to the pixels of the reference, or refuse its format by name.</summary>
    SamePixels,

    /// <summary>Refuse it, because pixels are missing.</summary>
    Refused,

    /// <summary>Refuse it with a message that names its format and a way out.</summary>
    RefusedByName,
}
