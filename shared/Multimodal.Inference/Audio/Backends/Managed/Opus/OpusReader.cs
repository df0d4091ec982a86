using Concentus;
using Concentus.Structs;
using Multimodal.Inference.Audio.Backends.Managed.Ogg;

namespace Multimodal.Inference.Audio.Backends.Managed.Opus;

/// <summary>Opus in Ogg (RFC 7845), mapping families 0 and 1 and others without a matrix, decoded by Concentus.</summary>
internal sealed class OpusReader : IAudioReader
{
    private const int GranuleRate = 48_000;

    // 120 milliseconds.
    private const int LongestPacket = 5_760;

    // The head and the comments.
    private const int HeaderPackets = 2;

    private readonly IOpusMultiStreamDecoder _decoder;
    private readonly IEnumerator<OggPacket> _packets;
    private readonly float[] _samples;

    // In frames at the decoded rate; the time before anything is dropped.
    private readonly long _start;
    private readonly long _end;
    private long _time;
    private int _next;
    private int _filled;

    static OpusReader() => OpusCodecFactory.AttemptToUseNativeLibrary = false;

    private OpusReader(OggPacketReader stream, OpusHeader head)
    {
        // Concentus 2.2.2 decodes hybrid packets (SILK and CELT together) to silence at all rates but the full one.
        var rate = stream.Read().Skip(HeaderPackets).Any(packet => IsHybrid(packet.Data.Span)) ? GranuleRate : head.DecodedRate;
        _decoder = OpusCodecFactory.CreateMultiStreamDecoder(rate, head.Channels, head.Streams, head.Coupled, head.Mapping);
        _decoder.Gain = head.Gain;
        _packets = stream.Read().Skip(HeaderPackets).GetEnumerator();
        var factor = GranuleRate / rate;
        _samples = new float[LongestPacket / factor * head.Channels];
        var span = OggTrim.Of(stream.Read().Skip(HeaderPackets), packet => Duration(packet.Span), stream.LastGranule);
        (_start, _end) = ((span.Skip + head.PreSkip) / factor, span.End / factor);
        Header = new AudioHeader(rate, head.Channels, Math.Max(0, _end - _start));
    }

    public AudioHeader Header { get; }

    /// <summary>Null if the head is broken. Concentus' exceptions pass.</summary>
    public static OpusReader? Open(ReadOnlyMemory<byte> bytes) =>
        OggPacketReader.Open(bytes) is { } stream && stream.Read().Take(HeaderPackets).ToList() is [var first, var second]
            && OpusHeader.Read(first.Data.Span) is { Channels: <= AudioHeader.MaxChannels } head && second.Data.Span.StartsWith("OpusTags"u8)
            ? new OpusReader(stream, head)
            : null;

    public int ReadFrames(Span<float> interleaved)
    {
        var (channels, wanted, written) = (Header.Channels, interleaved.Length / Header.Channels, 0);
        while (written < wanted && TryFill())
        {
            var count = Math.Min(_filled - _next, wanted - written);
            _samples.AsSpan(_next * channels, count * channels).CopyTo(interleaved[(written * channels)..]);
            (_next, written) = (_next + count, written + count);
        }

        return written;
    }

    public void Dispose()
    {
        _packets.Dispose();
        _decoder.Dispose();
    }

    /// <summary>Whether the first five bits, the configuration, are 12 to 15 (RFC 6716, section 3.1).</summary>
    private static bool IsHybrid(ReadOnlySpan<byte> packet) => !packet.IsEmpty && packet[0] >> 3 is >= 12 and <= 15;

    /// <summary>Samples at 48 kHz; 0 for a packet that is none.</summary>
    private static int Duration(ReadOnlySpan<byte> packet)
    {
        var samples = packet.IsEmpty ? 0 : OpusPacketInfo.GetNumSamples(packet, GranuleRate);
        return samples is > 0 and <= LongestPacket ? samples : 0;
    }

    /// <summary>Decodes until there is something between start and end; false at the end, or at a packet that does not decode.</summary>
    private bool TryFill()
    {
        while (_next == _filled)
        {
            if (_time >= _end || !_packets.MoveNext())
            {
                return false;
            }

            var packet = _packets.Current.Data.Span;
            if (Duration(packet) == 0)
            {
                continue;
            }

            var decoded = _decoder.DecodeMultistream(packet, _samples, _samples.Length / Header.Channels, false);
            if (decoded <= 0)
            {
                return false;
            }

            _next = (int)Math.Clamp(_start - _time, 0, decoded);
            _filled = (int)Math.Clamp(_end - _time, _next, decoded);
            _time += decoded;
        }

        return true;
    }
}
