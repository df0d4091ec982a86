using Concentus;
using Concentus.Structs;
using Multimodal.Inference.Audio.Containers.Ogg;

namespace Multimodal.Inference.Audio.Backends.Managed.Opus;

/// <summary>Reads Opus in Ogg (RFC 7845) with Concentus. Supports channel mapping families 0, 1 and others without a matrix.</summary>
internal sealed class OpusReader : IAudioReader
{
    private const int GranuleRate = 48_000;

    // 120 milliseconds at 48 kHz (RFC 6716).
    private const int MaxPacketFrames = 5_760;

    // The identification header and the comments.
    private const int HeaderPackets = 2;

    private readonly IOpusMultiStreamDecoder _decoder;
    private readonly IEnumerator<OggPacket> _packets;
    private readonly float[] _samples;

    // In frames at the decoded rate, counted from the first decoded frame.
    private readonly long _start;
    private readonly long _end;
    private long _time;
    private int _next;
    private int _filled;

    static OpusReader() => OpusCodecFactory.AttemptToUseNativeLibrary = false;

    private OpusReader(OggPacketReader stream, OpusHeader header)
    {
        // Concentus 2.2.2 decodes hybrid packets (SILK and CELT) to silence at all rates except the full one.
        var rate = stream.Read().Skip(HeaderPackets).Any(packet => IsHybrid(packet.Data.Span)) ? GranuleRate : header.DecodedRate;
        _decoder = OpusCodecFactory.CreateMultiStreamDecoder(rate, header.Channels, header.Streams, header.Coupled, header.Mapping);
        _decoder.Gain = header.Gain;
        _packets = stream.Read().Skip(HeaderPackets).GetEnumerator();
        var factor = GranuleRate / rate;
        _samples = new float[MaxPacketFrames / factor * header.Channels];
        var trim = OggTrim.Of(stream.Read().Skip(HeaderPackets), packet => Duration(packet.Span), stream.LastGranule);
        (_start, _end) = ((trim.Skip + header.PreSkip) / factor, trim.End / factor);
        Header = new AudioHeader(rate, header.Channels, Math.Max(0, _end - _start));
    }

    public AudioHeader Header { get; }

    /// <summary>Opens a stream.</summary>
    /// <returns>Null if a header is broken.</returns>
    /// <exception cref="Exception">The stream is broken. Concentus throws many exception types.</exception>
    public static OpusReader? Open(ReadOnlyMemory<byte> bytes) =>
        OggPacketReader.Open(bytes) is { } stream && stream.Read().Take(HeaderPackets).ToList() is [var first, var second]
            && OpusHeader.Read(first.Data.Span) is { Channels: <= AudioHeader.MaxChannels } header
            && second.Data.Span.StartsWith("OpusTags"u8)
            ? new OpusReader(stream, header)
            : null;

    public int ReadFrames(Span<float> interleaved)
    {
        var (channels, capacity, written) = (Header.Channels, interleaved.Length / Header.Channels, 0);
        while (written < capacity && TryFill())
        {
            var count = Math.Min(_filled - _next, capacity - written);
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

    /// <summary>Whether the configuration, the first five bits, is 12 to 15 (RFC 6716, section 3.1).</summary>
    private static bool IsHybrid(ReadOnlySpan<byte> packet) => !packet.IsEmpty && packet[0] >> 3 is >= 12 and <= 15;

    /// <summary>Number of samples at 48 kHz; 0 for an invalid packet.</summary>
    private static int Duration(ReadOnlySpan<byte> packet)
    {
        var samples = packet.IsEmpty ? 0 : OpusPacketInfo.GetNumSamples(packet, GranuleRate);
        return samples is > 0 and <= MaxPacketFrames ? samples : 0;
    }

    /// <summary>Decodes packets until there are samples between start and end.</summary>
    /// <returns>False at the end, or at a packet that cannot be decoded.</returns>
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
