using Multimodal.Inference.Audio.Backends.Native;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio;

/// <summary>
/// Media options with an audio backend and without ffmpeg. Skips the test if the libraries of the backend are not installed.
/// </summary>
internal static class BackendOptions
{
    public static MediaOptions Of(AudioDecoderKind kind)
    {
        Assert.SkipWhen(
            kind == AudioDecoderKind.Native && NativeAudioLibraries.Missing.Count > 0,
            $"{string.Join(" and ", NativeAudioLibraries.Missing)} not installed.");
        return new MediaOptions { AudioDecoder = kind, Ffmpeg = MediaOptions.NoFfmpeg };
    }
}
