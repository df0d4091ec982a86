using System.ComponentModel.DataAnnotations;

namespace Multimodal.Inference.Media;

/// <summary>What decodes media, and what one part of a request may cost. Limits are checked on the header, before anything is decoded.</summary>
public sealed class MediaOptions
{
    /// <summary>
    /// What decodes images: <c>libvips</c>, or <c>imagesharp</c> where only managed code may run. libvips takes JPEG, PNG, WebP, GIF, AVIF and TIFF.
    /// ImageSharp takes JPEG, PNG, WebP, GIF and BMP, but no CMYK JPEG, and needs 2.5 times the CPU time for a photo of 12 megapixels (decision 0112).
    /// Files of other types are refused as unsupported. Experts were trained and calibrated with libvips' pixels; those of ImageSharp differ by a few
    /// levels in shrunk and in JPEG images.
    /// </summary>
    /// <value>Default libvips.</value>
    [EnumDataType(typeof(ImageDecoderKind))]
    public ImageDecoderKind ImageDecoder { get; set; } = ImageDecoderKind.Libvips;

    /// <summary>
    /// What decodes sound: <c>native</c> (libsndfile and libsoxr), <c>managed</c> where only managed code may run, or <c>auto</c>:
    /// native if both libraries load, else managed. Managed code takes WAV, AIFF, MP3, OGG Vorbis and Opus, but no FLAC, no MP3 of
    /// 8,000 samples per second and no OGG Vorbis of more than two channels, and needs two to ten times the processor time. With
    /// native, a missing library stops the start.
    /// </summary>
    /// <value>Default auto.</value>
    [EnumDataType(typeof(AudioDecoderKind))]
    public AudioDecoderKind AudioDecoder { get; set; } = AudioDecoderKind.Auto;

    /// <summary>Bytes of UTF-8 text.</summary>
    /// <value>1 to 16,777,216; default 65,536.</value>
    [Range(1, 16_777_216)]
    public int TextBytes { get; set; } = 65_536;

    /// <summary>Unicode scalar values of text.</summary>
    /// <value>1 to 4,194,304; default 16,384.</value>
    [Range(1, 4_194_304)]
    public int TextCharacters { get; set; } = 16_384;

    /// <summary>Bytes of one image file.</summary>
    /// <value>1 to 268,435,456; default 20,971,520.</value>
    [Range(1, 268_435_456)]
    public int ImageBytes { get; set; } = 20_971_520;

    /// <summary>Pixels of one image, width times height (of the first frame).</summary>
    /// <value>1 to 1,000,000,000; default 64,000,000.</value>
    [Range(1L, 1_000_000_000L)]
    public long ImagePixels { get; set; } = 64_000_000;

    /// <summary>Bytes of one sound file.</summary>
    /// <value>1 to 268,435,456; default 20,971,520.</value>
    [Range(1, 268_435_456)]
    public int AudioBytes { get; set; } = 20_971_520;

    /// <summary>Seconds of sound.</summary>
    /// <value>0.1 to 3,600; default 60.</value>
    [Range(0.1, 3600)]
    public double AudioSeconds { get; set; } = 60;
}
