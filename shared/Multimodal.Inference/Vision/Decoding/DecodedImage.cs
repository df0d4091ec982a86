using Multimodal.Inference.Media;

namespace Multimodal.Inference.Vision.Decoding;

/// <summary>An image that was decoded for all that need it.</summary>
/// <param name="Info">Type and dimensions of the file.</param>
/// <param name="Pixels">The pixels, perhaps reduced. They must not change.</param>
internal sealed record DecodedImage(MediaInfo Info, RgbImage Pixels);
