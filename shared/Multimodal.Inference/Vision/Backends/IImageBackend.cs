using Multimodal.Inference.Vision.Formats;

namespace Multimodal.Inference.Vision.Backends;

/// <summary>A library that decodes images. Thread-safe. It returns null for files that it cannot decode, and does not throw.</summary>
internal interface IImageBackend
{
    /// <summary>Whether it decodes files of this type.</summary>
    bool Supports(ImageType type);

    /// <summary>Reads the header of a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="type">Its type, determined from its first bytes.</param>
    /// <param name="maxPixels">Largest image whose samples may be read to check their range.</param>
    /// <returns>The header, or null if it is broken.</returns>
    ImageHeader? ReadHeader(ReadOnlySpan<byte> bytes, ImageType type, long maxPixels);

    /// <summary>
    /// Decodes to 8-bit sRGB, upright, with transparent pixels flattened (<see cref="Transparency"/>): the first frame that is not blank,
    /// within <see cref="FrameSearch"/>, else the first frame.
    /// </summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="maxEdge">Longest edge of the whole image after reduction, in pixels. Smaller images keep their size.</param>
    /// <param name="part">The part to return; default for the whole image.</param>
    /// <returns>The pixels, or null if the file is damaged or truncated.</returns>
    RgbImage? Decode(ReadOnlySpan<byte> bytes, int maxEdge, RelativeRectangle part);
}
