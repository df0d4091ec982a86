using Multimodal.Inference.Audio.Backends;
using Multimodal.Inference.Audio.Backends.Managed;
using Multimodal.Inference.Audio.Backends.Native;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>Chooses what decodes sound.</summary>
internal static class AudioBackends
{
    private static readonly NativeAudioBackend Native = new();
    private static readonly ManagedAudioBackend Managed = new();

    /// <summary>The decoder of a kind on this machine.</summary>
    /// <exception cref="DllNotFoundException">Native decoding is demanded and a library does not load; the message says what to install.</exception>
    public static IAudioBackend For(AudioDecoderKind kind) => For(kind, kind == AudioDecoderKind.Managed ? [] : NativeAudioLibraries.Missing);

    /// <summary>The same on a machine where <paramref name="missing"/> libraries do not load.</summary>
    internal static IAudioBackend For(AudioDecoderKind kind, IReadOnlyList<string> missing) => kind switch
    {
        AudioDecoderKind.Managed => Managed,
        AudioDecoderKind.Auto => missing.Count == 0 ? Native : Managed,
        AudioDecoderKind.Native when missing.Count == 0 => Native,
        AudioDecoderKind.Native => throw new DllNotFoundException(
            $"{string.Join(" and ", missing)} cannot be loaded. {NativeAudioLibraries.Remedy} Or set Multimodal:Inference:Media:AudioDecoder to managed."),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This is a bug: an unknown audio decoder."),
    };
}
