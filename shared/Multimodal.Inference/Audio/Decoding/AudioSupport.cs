using Multimodal.Inference.Audio.Backends.Native;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>What a process can do with sound, for its operator.</summary>
/// <param name="Decoder">What decodes: "libsndfile and libsoxr" or "managed code".</param>
/// <param name="Formats">What is read, as a list in English.</param>
/// <param name="Unread">What only the other decoder reads, as such a list; null if there is nothing.</param>
/// <param name="Remedy">How to get native decoding, if it is wanted where possible and is not possible here; else null.</param>
public sealed record AudioSupport(string Decoder, string Formats, string? Unread, string? Remedy)
{
    /// <summary>Finds out; loads the native libraries unless managed code is demanded.</summary>
    /// <exception cref="DllNotFoundException">Native decoding is demanded and a library does not load; the message says what to install.</exception>
    public static AudioSupport Of(MediaOptions limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return Of(limits.AudioDecoder, limits.AudioDecoder == AudioDecoderKind.Managed ? [] : NativeAudioLibraries.Missing);
    }

    /// <summary>The same on a machine where <paramref name="missing"/> libraries do not load.</summary>
    internal static AudioSupport Of(AudioDecoderKind kind, IReadOnlyList<string> missing)
    {
        var decoder = AudioBackends.For(kind, missing);
        return new AudioSupport(
            decoder.Name,
            decoder.Formats,
            decoder.Unread,
            kind == AudioDecoderKind.Auto && missing.Count > 0 ? $"{string.Join(" and ", missing)} cannot be loaded. {NativeAudioLibraries.Remedy}" : null);
    }
}
