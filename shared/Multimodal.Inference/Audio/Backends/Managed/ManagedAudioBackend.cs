using System.Buffers;
using Multimodal.Inference.Audio.Backends.Managed.Mp3;
using Multimodal.Inference.Audio.Backends.Managed.Opus;
using Multimodal.Inference.Audio.Backends.Managed.Pcm;
using Multimodal.Inference.Audio.Backends.Managed.Vorbis;
using Multimodal.Inference.Audio.Resampling;

namespace Multimodal.Inference.Audio.Backends.Managed;

/// <summary>
/// Decodes with managed libraries: NAudio (WAV, AIFF), NLayer (MP3), NVorbis and Concentus (Ogg). Formats that these libraries do not
/// decode, or decode incorrectly, are reported as unsupported.
/// </summary>
internal sealed class ManagedAudioBackend : IAudioBackend
{
    private const string Flac = "FLAC";
    private const string Mp3At8Khz = "MP3 at 8,000 Hz";
    private const string MultichannelVorbis = "OGG Vorbis with more than two channels";

    public string Name => "managed code";

    public string Formats => "WAV, AIFF, MP3, OGG Vorbis, and Opus in OGG and WebM";

    public string? UnsupportedFormats => $"{Flac}, {Mp3At8Khz}, {MultichannelVorbis}";

    public IAudioReader? Open(ReadOnlyMemory<byte> bytes, string mediaType, out string? unsupported)
    {
        var reader = GuardedAudioReader.Open(() => Open(bytes, mediaType));
        unsupported = UnsupportedFormat(mediaType, reader?.Header);
        if (unsupported is null)
        {
            return reader;
        }

        reader?.Dispose();
        return null;
    }

    public IResampler CreateResampler(int inputRate, int outputRate, IBufferWriter<float> output) =>
        new SincResampler(inputRate, outputRate, output);

    private static IAudioReader? Open(ReadOnlyMemory<byte> bytes, string mediaType) => mediaType switch
    {
        "audio/wav" => WavFile.Open(bytes),
        "audio/aiff" => AiffFile.Open(bytes),
        "audio/mpeg" => Mp3Reader.Open(bytes),
        "audio/ogg; codecs=vorbis" => VorbisReader.Open(bytes),
        "audio/ogg; codecs=opus" => OpusReader.Open(bytes),
        _ => null,
    };

    private static string? UnsupportedFormat(string mediaType, AudioHeader? header) => (mediaType, header) switch
    {
        ("audio/flac", _) => Flac,
        // NLayer 3.0.1 decodes frames with short blocks incorrectly at this rate. It ends their first Huffman region after 36 lines, which
        // is right for all other rates; at 8,000 Hz the region has 72 lines.
        ("audio/mpeg", { SampleRate: 8_000 }) => Mp3At8Khz,
        // NVorbis 0.10.5 decodes files with three to eight channels to noise.
        ("audio/ogg; codecs=vorbis", { Channels: > 2 }) => MultichannelVorbis,
        _ => null,
    };
}
