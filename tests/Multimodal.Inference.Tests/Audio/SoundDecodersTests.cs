using System.Runtime.InteropServices;
using Multimodal.Inference.Audio;
using Multimodal.Inference.Audio.Managed;
using Multimodal.Inference.Audio.Native;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio;

public sealed class SoundDecodersTests
{
    [Fact]
    public void By_AutoWithBothLibraries_IsNative() => Assert.IsType<NativeSound>(SoundDecoders.By(AudioDecoderKind.Auto, []));

    [Theory]
    [InlineData(NativeAudio.SndFile)]
    [InlineData(NativeAudio.Soxr)]
    public void By_AutoWithoutALibrary_IsManaged(string missing) =>
        Assert.IsType<ManagedSound>(SoundDecoders.By(AudioDecoderKind.Auto, [missing]));

    [Fact]
    public void By_ManagedWithBothLibraries_IsManaged() => Assert.IsType<ManagedSound>(SoundDecoders.By(AudioDecoderKind.Managed, []));

    [Fact]
    public void By_NativeWithoutALibrary_SaysWhatToInstall()
    {
        var thrown = Assert.Throws<DllNotFoundException>(() => SoundDecoders.By(AudioDecoderKind.Native, [NativeAudio.Soxr]));

        Assert.StartsWith("libsoxr cannot be loaded.", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libsndfile1 libsoxr0", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Multimodal:Inference:Media:AudioDecoder", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Support_AutoWithoutLibraries_SaysWhatIsUnreadAndWhatToInstall()
    {
        var support = SoundSupport.Of(AudioDecoderKind.Auto, [NativeAudio.SndFile, NativeAudio.Soxr]);

        Assert.Equal("managed code", support.Decoder);
        Assert.DoesNotContain("FLAC", support.Formats, StringComparison.Ordinal);
        Assert.StartsWith("FLAC", support.Unread, StringComparison.Ordinal);
        Assert.StartsWith("libsndfile and libsoxr cannot be loaded. Install libsndfile and libsoxr: apt-get", support.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Support_ManagedByChoice_HasNoRemedy() => Assert.Null(SoundSupport.Of(new MediaOptions { AudioDecoder = AudioDecoderKind.Managed }).Remedy);

    [Fact]
    public void Support_Native_ReadsAll()
    {
        var support = SoundSupport.Of(AudioDecoderKind.Native, []);

        Assert.Equal(("libsndfile and libsoxr", null, null), (support.Decoder, support.Unread, support.Remedy));
        Assert.Contains("FLAC", support.Formats, StringComparison.Ordinal);
    }

    [Fact]
    public void FileNames_EveryPlatform_PrefersTheVersionTheImportsAreFor()
    {
        Assert.Equal(["libsndfile.so.1", "libsndfile.so"], NativeAudio.FileNames(NativeAudio.SndFile, OSPlatform.Linux));
        Assert.Equal(["libsndfile.1.dylib", "libsndfile.dylib"], NativeAudio.FileNames(NativeAudio.SndFile, OSPlatform.OSX));
        Assert.Equal(["sndfile.dll", "libsndfile-1.dll"], NativeAudio.FileNames(NativeAudio.SndFile, OSPlatform.Windows));
        Assert.Equal(["libsoxr.so.0", "libsoxr.so"], NativeAudio.FileNames(NativeAudio.Soxr, OSPlatform.Linux));
        Assert.Equal(["libsoxr.0.dylib", "libsoxr.dylib"], NativeAudio.FileNames(NativeAudio.Soxr, OSPlatform.OSX));
        Assert.Equal(["soxr.dll", "libsoxr.dll"], NativeAudio.FileNames(NativeAudio.Soxr, OSPlatform.Windows));
        Assert.Empty(NativeAudio.FileNames("libother", OSPlatform.Linux));
    }

    [Fact]
    public void AudioDecoder_ByDefault_IsAuto() => Assert.Equal(AudioDecoderKind.Auto, new MediaOptions().AudioDecoder);
}
