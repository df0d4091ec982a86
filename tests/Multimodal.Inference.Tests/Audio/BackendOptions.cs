using Multimodal.Inference.Audio.Backends.Native;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio;

/// <summary>The default limits with a decoder of sound; skips the test where that decoder's libraries are not installed.</summary>
internal static class BackendOptions
{
    public static MediaOptions Of(AudioDecoderKind kind)
    {
        Assert.SkipWhen(kind == AudioDecoderKind.Native && NativeAudioLibraries.Missing.Count > 0, $"{string.Join(" and ", NativeAudioLibraries.Missing)} not installed.");
        return new MediaOptions { AudioDecoder = kind };
    }
}
