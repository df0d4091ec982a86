namespace Multimodal.Inference.Media;

/// <summary>The library that decodes images.</summary>
public enum ImageDecoderKind
{
    /// <summary>libvips, a native library.</summary>
    Libvips,

    /// <summary>SixLabors.ImageSharp, managed code.</summary>
    ImageSharp,
}
