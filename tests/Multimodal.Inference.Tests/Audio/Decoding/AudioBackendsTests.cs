using System.Runtime.InteropServices;
using Multimodal.Inference.Audio.Backends.Managed;
using Multimodal.Inference.Audio.Backends.Native;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Tests.Audio.Decoding;

public sealed class AudioBackendsTests
{
    [Fact]
    public void For_AutoWithBothLibraries_IsNative() => Assert.IsType<NativeAudioBackend>(AudioBackends.For(AudioDecoderKind.Auto, []));

    [Theory]
    [InlineData(NativeAudioLibraries.SndFile)]
    [InlineData(NativeAudioLibraries.Soxr)]
    public void For_AutoWithoutALibrary_IsManaged(string missing) =>
        Assert.IsType<ManagedAudioBackend>(AudioBackends.For(AudioDecoderKind.Auto, [missing]));

    [Fact]
    public void For_ManagedWithBothLibraries_IsManaged() =>
        Assert.IsType<ManagedAudioBackend>(AudioBackends.For(AudioDecoderKind.Managed, []));

    [Fact]
    public void For_NativeWithoutALibrary_StatesWhatToInstall()
    {
        var thrown = Assert.Throws<DllNotFoundException>(() => AudioBackends.For(AudioDecoderKind.Native, [NativeAudioLibraries.Soxr]));

        Assert.StartsWith("libsoxr cannot be loaded.", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libsndfile1 libsoxr0", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Multimodal:Inference:Media:AudioDecoder", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Detect_AutoWithoutLibraries_StatesUnsupportedFormatsAndWhatToInstall()
    {
        var support = AudioSupport.Detect(AudioDecoderKind.Auto, [NativeAudioLibraries.SndFile, NativeAudioLibraries.Soxr]);

        Assert.Equal("managed code", support.Decoder);
        Assert.DoesNotContain("FLAC", support.Formats, StringComparison.Ordinal);
        Assert.StartsWith("FLAC", support.UnsupportedFormats, StringComparison.Ordinal);
        Assert.StartsWith(
            "libsndfile and libsoxr cannot be loaded. Install libsndfile and libsoxr: apt-get", support.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Detect_ManagedByConfiguration_HasNoRemedy() =>
        Assert.Null(AudioSupport.Detect(new MediaOptions { AudioDecoder = AudioDecoderKind.Managed }).Remedy);

    [Fact]
    public void Detect_Native_SupportsAllFormats()
    {
        var support = AudioSupport.Detect(AudioDecoderKind.Native, []);

        Assert.Equal(("libsndfile and libsoxr", null, null), (support.Decoder, support.UnsupportedFormats, support.Remedy));
        Assert.Contains("FLAC", support.Formats, StringComparison.Ordinal);
    }

    [Fact]
    public void FileNames_AnyPlatform_PrefersTheAbiVersionOfTheImports()
    {
        Assert.Equal(["libsndfile.so.1", "libsndfile.so"], Names(NativeAudioLibraries.SndFile, OSPlatform.Linux));
        Assert.Equal(["libsndfile.1.dylib", "libsndfile.dylib"], Names(NativeAudioLibraries.SndFile, OSPlatform.OSX));
        Assert.Equal(["sndfile.dll", "libsndfile-1.dll"], Names(NativeAudioLibraries.SndFile, OSPlatform.Windows));
        Assert.Equal(["libsoxr.so.0", "libsoxr.so"], Names(NativeAudioLibraries.Soxr, OSPlatform.Linux));
        Assert.Equal(["libsoxr.0.dylib", "libsoxr.dylib"], Names(NativeAudioLibraries.Soxr, OSPlatform.OSX));
        Assert.Equal(["soxr.dll", "libsoxr.dll"], Names(NativeAudioLibraries.Soxr, OSPlatform.Windows));
        Assert.Empty(Names("libother", OSPlatform.Linux));

        static IReadOnlyList<string> Names(string library, OSPlatform platform) => NativeAudioLibraries.FileNames(library, platform);
    }

    [Fact]
    public void AudioDecoder_ByDefault_IsAuto() => Assert.Equal(AudioDecoderKind.Auto, new MediaOptions().AudioDecoder);
}
