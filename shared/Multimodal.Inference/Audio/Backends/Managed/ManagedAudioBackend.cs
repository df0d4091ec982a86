using System.Buffers;
using Multimodal.Inference.Audio.Backends.Managed.Mp3;
using Multimodal.Inference.Audio.Backends.Managed.Opus;
using Multimodal.Inference.Audio.Backends.Managed.Pcm;
using Multimodal.Inference.Audio.Backends.Managed.Vorbis;
using Multimodal.Inference.Audio.Resampling;

namespace Multimodal.Inference.Audio.Backends.Managed;

/// <summary>
/// Managed code only: NAudio reads WAV and AIFF, NLayer MP3, NVorbis and Concentus what is in Ogg. What these libraries do not
/// read, or read wrongly, is refused.
/// </summary>
internal sealed class ManagedAudioBackend : IAudioBackend
{
    private const string Flac = "FLAC";
    private const string SlowMp3 = "MP3 with 8,000 samples per second";
    private const string WideVorbis = "OGG Vorbis with more than two channels";

    public string Name => "managed code";

    public string Formats => "WAV, AIFF, MP3, OGG Vorbis and Opus";

    public string? Unread => $"{Flac}, {SlowMp3}, {WideVorbis}";

    public IAudioReader? Open(ReadOnlyMemory<byte> bytes, string mediaType, out string? unread)
    {
        var file = GuardedAudioReader.Open(() => Open(bytes, mediaType));
        unread = WhatIsUnread(mediaType, file?.Header);
        if (unread is null)
        {
            return file;
        }

        file?.Dispose();
        return null;
    }

    public IResampler Resample(int inputRate, int outputRate, IBufferWriter<float> output) => new SincResampler(inputRate, outputRate, output);

    private static IAudioReader? Open(ReadOnlyMemory<byte> bytes, string mediaType) => mediaType switch
    {
        "audio/wav" => WavFile.Open(bytes),
        "audio/aiff" => AiffFile.Open(bytes),
        "audio/mpeg" => Mp3Reader.Open(bytes),
        "audio/ogg; codecs=vorbis" => VorbisReader.Open(bytes),
        "audio/ogg; codecs=opus" => OpusReader.Open(bytes),
        _ => null,
    };

    private static string? WhatIsUnread(string mediaType, AudioHeader? header) => (mediaType, header) switch
    {
        ("audio/flac", _) => Flac,
        // NLayer 3.0.1 garbles frames with short blocks at this rate: it ends their first Huffman region after 36 lines, as at all
        // other rates, and here it has 72.
        ("audio/mpeg", { SampleRate: 8_000 }) => SlowMp3,
        // NVorbis 0.10.5 returns noise for three to eight channels.
        ("audio/ogg; codecs=vorbis", { Channels: > 2 }) => WideVorbis,
        _ => null,
    };
}
