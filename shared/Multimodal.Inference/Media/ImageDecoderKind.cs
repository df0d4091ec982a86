namespace Multimodal.Inference.Media;

/// <summary>What decodes images.</summary>
public enum ImageDecoderKind
{
    /// <summary>libvips, a native library.</summary>
    Libvips,

    /// <summary>SixLabors.ImageSharp, managed code only.</summary>
    ImageSharp,
}
