using Multimodal.Inference.Audio.Native;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio;

/// <summary>The default limits with a decoder of sound; skips the test where that decoder's libraries are not installed.</summary>
internal static class DecoderLimits
{
    public static MediaOptions Of(AudioDecoderKind kind)
    {
        Assert.SkipWhen(kind == AudioDecoderKind.Native && NativeAudio.Missing.Count > 0, $"{string.Join(" and ", NativeAudio.Missing)} not installed.");
        return new MediaOptions { AudioDecoder = kind };
    }
}
