using Multimodal.Inference.Audio.Backends;
using Multimodal.Inference.Audio.Backends.Managed;
using Multimodal.Inference.Audio.Backends.Native;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>Selects the backend that decodes audio.</summary>
internal static class AudioBackends
{
    private static readonly NativeAudioBackend Native = new();
    private static readonly ManagedAudioBackend Managed = new();

    /// <summary>Selects the backend on this machine.</summary>
    /// <exception cref="DllNotFoundException">
    /// Native decoding is required and a library does not load. The message states what to install.
    /// </exception>
    public static IAudioBackend For(AudioDecoderKind kind) => For(kind, MissingLibraries(kind));

    /// <summary>Selects the backend on a machine where the <paramref name="missing"/> libraries do not load.</summary>
    internal static IAudioBackend For(AudioDecoderKind kind, IReadOnlyList<string> missing) => kind switch
    {
        AudioDecoderKind.Managed => Managed,
        AudioDecoderKind.Auto => missing.Count == 0 ? Native : Managed,
        AudioDecoderKind.Native when missing.Count == 0 => Native,
        AudioDecoderKind.Native => throw new DllNotFoundException(
            $"{string.Join(" and ", missing)} cannot be loaded. {NativeAudioLibraries.Remedy} "
            + "Or set Multimodal:Inference:Media:AudioDecoder to managed."),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown audio decoder. This is a bug."),
    };

    /// <summary>The native libraries that do not load. They are not probed if managed code is required.</summary>
    internal static IReadOnlyList<string> MissingLibraries(AudioDecoderKind kind) =>
        kind == AudioDecoderKind.Managed ? [] : NativeAudioLibraries.Missing;
}
