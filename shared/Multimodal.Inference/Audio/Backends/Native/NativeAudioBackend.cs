using System.Buffers;
using Multimodal.Inference.Audio.Resampling;

namespace Multimodal.Inference.Audio.Backends.Native;

/// <summary>
/// Decodes with libsndfile and resamples with libsoxr. Requires that <see cref="NativeAudioLibraries.Missing"/> is empty.
/// </summary>
internal sealed class NativeAudioBackend : IAudioBackend
{
    public string Name => "libsndfile and libsoxr";

    public string? UnsupportedFormats => null;

    public string Formats => "WAV, FLAC, OGG Vorbis, Opus in OGG and WebM, FLAC in OGG, MP3 and AIFF";

    public IAudioReader? Open(ReadOnlyMemory<byte> bytes, string mediaType, out string? unsupported)
    {
        unsupported = null;
        return SndFileReader.Open(bytes);
    }

    public IResampler CreateResampler(int inputRate, int outputRate, IBufferWriter<float> output) =>
        new SoxrResampler(inputRate, outputRate, output);
}
