using System.ComponentModel.DataAnnotations;

namespace Multimodal.Inference.Media;

/// <summary>
/// The libraries that decode media, and the limits for one part of a request. Limits are checked on the header, before decoding.
/// </summary>
public sealed class MediaOptions
{
    /// <summary>The value of <see cref="Ffmpeg"/> that starts no process.</summary>
    public const string NoFfmpeg = "off";

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
    /// <c>auto</c> (native if both libraries load, else managed). Managed code reads WAV, AIFF, MP3, OGG Vorbis and Opus. It leaves FLAC,
    /// MP3 at 8,000 Hz and OGG Vorbis with more than two channels to <c>Ffmpeg</c>. It needs two to ten times the CPU time. With
    /// <c>native</c>, the service does not start if a library is missing.
    /// </summary>
    /// <value>Default auto.</value>
    [EnumDataType(typeof(AudioDecoderKind))]
    public AudioDecoderKind AudioDecoder { get; set; } = AudioDecoderKind.Auto;

    /// <summary>
    /// The ffmpeg program that decodes audio formats without a library, such as AAC in MP4: a path, a name to look up in PATH, or
    /// <c>off</c>. Each file gets a process of its own, which reads and writes pipes only (decision 0116). Where it is not installed, such
    /// formats are refused as unsupported.
    /// </summary>
    /// <value>Default ffmpeg.</value>
    [Required]
    public string Ffmpeg { get; set; } = "ffmpeg";

    /// <summary>Longest time an ffmpeg process may take for a file, in seconds. It is also the limit of its CPU time.</summary>
    /// <value>1 to 600; default 20.</value>
    [Range(1, 600)]
    public int FfmpegSeconds { get; set; } = 20;

    /// <summary>
    /// Maximum number of ffmpeg processes that run at the same time; 0 for the number of processor cores. A file that waits for longer than
    /// <c>FfmpegSeconds</c> is refused as overloaded.
    /// </summary>
    /// <value>0 to 1,024; default 0.</value>
    [Range(0, 1024)]
    public int FfmpegProcesses { get; set; }

    /// <summary>
    /// Largest address space of an ffmpeg process, in MiB. The limit applies on Linux where the programs setpriv and prlimit (util-linux)
    /// are installed. Elsewhere half of it limits each single allocation.
    /// </summary>
    /// <value>256 to 65,536; default 1,024.</value>
    [Range(256, 65_536)]
    public int FfmpegMegabytes { get; set; } = 1_024;

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

    /// <summary>Largest width and height of an image, in pixels. Very narrow images cost much more than others of the same size.</summary>
    /// <value>1 to 1,000,000; default 65,535, the largest of JPEG.</value>
    [Range(1, 1_000_000)]
    public int ImageEdge { get; set; } = 65_535;

    /// <summary>Largest audio file, in bytes.</summary>
    /// <value>1 to 268,435,456; default 20,971,520.</value>
    [Range(1, 268_435_456)]
    public int AudioBytes { get; set; } = 20_971_520;

    /// <summary>Longest audio, in seconds.</summary>
    /// <value>0.1 to 3,600; default 60.</value>
    [Range(0.1, 3600)]
    public double AudioSeconds { get; set; } = 60;
}
