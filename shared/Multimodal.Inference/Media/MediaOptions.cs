using System.ComponentModel.DataAnnotations;

namespace Multimodal.Inference.Media;

/// <summary>
/// The libraries that decode media, and the limits for one part of a request. Limits are checked on the header, before decoding.
/// </summary>
public sealed class MediaOptions
{
    /// <summary>
    /// The library that decodes images: <c>libvips</c>, or <c>imagesharp</c> where native code is not allowed. libvips reads JPEG, PNG,
    /// WebP, GIF, AVIF and TIFF, and ImageSharp decodes BMP beside it. ImageSharp alone reads JPEG (not CMYK), PNG, WebP, GIF and BMP, and
    /// needs 2.5 times the CPU time for a photo of 12 megapixels (decision 0112). Other types are refused as unsupported. The bundled
    /// experts are trained and calibrated with the pixels of libvips. Those of ImageSharp differ by a few levels in JPEG and in reduced
    /// images.
    /// </summary>
    /// <value>Default libvips.</value>
    [EnumDataType(typeof(ImageDecoderKind))]
    public ImageDecoderKind ImageDecoder { get; set; } = ImageDecoderKind.Libvips;

    /// <summary>
    /// The libraries that decode audio: <c>native</c> (libsndfile and libsoxr), <c>managed</c> where native code is not allowed, or
    /// <c>auto</c> (native if both libraries load, else managed). Managed code reads WAV, AIFF, MP3, OGG Vorbis and Opus. It does not read
    /// FLAC, MP3 at 8,000 Hz or OGG Vorbis with more than two channels. It needs two to ten times the CPU time. With <c>native</c>, the
    /// service does not start if a library is missing.
    /// </summary>
    /// <value>Default auto.</value>
    [EnumDataType(typeof(AudioDecoderKind))]
    public AudioDecoderKind AudioDecoder { get; set; } = AudioDecoderKind.Auto;

    /// <summary>Largest text part, in bytes.</summary>
    /// <value>1 to 16,777,216; default 65,536.</value>
    [Range(1, 16_777_216)]
    public int TextBytes { get; set; } = 65_536;

    /// <summary>Longest text part, in Unicode scalar values.</summary>
    /// <value>1 to 4,194,304; default 16,384.</value>
    [Range(1, 4_194_304)]
    public int TextCharacters { get; set; } = 16_384;

    /// <summary>Largest image file, in bytes.</summary>
    /// <value>1 to 268,435,456; default 20,971,520.</value>
    [Range(1, 268_435_456)]
    public int ImageBytes { get; set; } = 20_971_520;

    /// <summary>Largest image, in pixels: width times height of the first frame.</summary>
    /// <value>1 to 1,000,000,000; default 64,000,000.</value>
    [Range(1L, 1_000_000_000L)]
    public long ImagePixels { get; set; } = 64_000_000;

    /// <summary>Largest audio file, in bytes.</summary>
    /// <value>1 to 268,435,456; default 20,971,520.</value>
    [Range(1, 268_435_456)]
    public int AudioBytes { get; set; } = 20_971_520;

    /// <summary>Longest audio, in seconds.</summary>
    /// <value>0.1 to 3,600; default 60.</value>
    [Range(0.1, 3600)]
    public double AudioSeconds { get; set; } = 60;
}
