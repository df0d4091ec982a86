using Multimodal.Inference.Audio.Backends;
using Multimodal.Inference.Audio.Backends.Ffmpeg;
using Multimodal.Inference.Audio.Backends.Native;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>The audio formats that a process supports, for its operator.</summary>
/// <param name="Decoder">The libraries that decode: "libsndfile and libsoxr" or "managed code".</param>
/// <param name="Formats">The supported formats, for example "WAV, MP3 and AIFF".</param>
/// <param name="UnsupportedFormats">The formats that only the other backend supports, separated by commas; null if there are none.</param>
/// <param name="Remedy">How to enable native decoding, if the decoder is auto and a native library does not load; else null.</param>
public sealed record AudioSupport(string Decoder, string Formats, string? UnsupportedFormats, string? Remedy)
{
    /// <summary>Detects the support. It loads the native libraries unless managed code is required.</summary>
    /// <exception cref="DllNotFoundException">
    /// Native decoding is required and a library does not load. The message states what to install.
    /// </exception>
    public static AudioSupport Detect(MediaOptions limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var support = Detect(limits.AudioDecoder, AudioBackends.MissingLibraries(limits.AudioDecoder));
        return FfmpegDecoder.Find(limits) is null ? support : support with
        {
            Decoder = $"{support.Decoder}, other formats by ffmpeg",
            Formats = FormatsOf(AudioBackends.For(limits.AudioDecoder), hasFfmpeg: true),
            UnsupportedFormats = null,
        };
    }

    /// <summary>The formats that a backend decodes, with those of ffmpeg where it is installed.</summary>
    internal static string FormatsOf(IAudioBackend backend, bool hasFfmpeg) =>
        hasFfmpeg ? $"{backend.Formats}, and by ffmpeg FLAC, AAC, ALAC, AMR and Speex in MP4, ADTS, CAF, WebM and OGG" : backend.Formats;

    /// <summary>Detects the support on a machine where the <paramref name="missing"/> libraries do not load.</summary>
    internal static AudioSupport Detect(AudioDecoderKind kind, IReadOnlyList<string> missing)
    {
        var backend = AudioBackends.For(kind, missing);
        var remedy = kind == AudioDecoderKind.Auto && missing.Count > 0
            ? $"{string.Join(" and ", missing)} cannot be loaded. {NativeAudioLibraries.Remedy}"
            : null;
        return new AudioSupport(backend.Name, backend.Formats, backend.UnsupportedFormats, remedy);
    }
}
