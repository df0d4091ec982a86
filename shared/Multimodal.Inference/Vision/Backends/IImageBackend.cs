using Multimodal.Inference.Vision.Formats;

namespace Multimodal.Inference.Vision.Backends;

/// <summary>A library that decodes images. Called by many threads at once; what it refuses is a null, never an exception.</summary>
internal interface IImageBackend
{
    /// <summary>Whether it takes files of this type.</summary>
    bool Takes(ImageType type);

    /// <summary>Reads the header of a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="type">Its type, by its first bytes.</param>
    /// <returns>Null if the header is broken.</returns>
    ImageHeader? ReadHeader(ReadOnlySpan<byte> bytes, ImageType type);

    /// <summary>Decodes the first frame: upright, alpha on white, 8-bit sRGB.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="maxEdge">Longest edge of the whole image after shrinking, in pixels; smaller images keep their size.</param>
    /// <param name="part">Which part of it, or default for all of it.</param>
    /// <returns>Null if the file is damaged or cut off.</returns>
    RgbImage? Decode(ReadOnlySpan<byte> bytes, int maxEdge, RelativeRectangle part);
}
