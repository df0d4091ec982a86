using System.Buffers;
using Multimodal.Inference.Audio.Resampling;

namespace Multimodal.Inference.Audio.Backends.Native;

/// <summary>libsndfile and libsoxr. Use it only where <see cref="NativeAudioLibraries.Missing"/> is empty.</summary>
internal sealed class NativeAudioBackend : IAudioBackend
{
    public string Name => "libsndfile and libsoxr";

    public string? Unread => null;

    public string Formats => "WAV, FLAC, OGG Vorbis, Opus, MP3 and AIFF";

    public IAudioReader? Open(ReadOnlyMemory<byte> bytes, string mediaType, out string? unread)
    {
        unread = null;
        return SndFileReader.Open(bytes);
    }

    public IResampler Resample(int inputRate, int outputRate, IBufferWriter<float> output) => new SoxrResampler(inputRate, outputRate, output);
}
