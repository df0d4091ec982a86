using System.Numerics;
using Multimodal.Inference.Audio.Backends.Managed.Ogg;
using NVorbis;

namespace Multimodal.Inference.Audio.Backends.Managed.Vorbis;

/// <summary>Vorbis in Ogg, decoded by NVorbis.</summary>
internal sealed class VorbisReader : IAudioReader
{
    // Head, comments and setup.
    private const int HeaderPackets = 3;

    private readonly StreamDecoder _decoder;
    private long _skip;
    private long _left;

    private VorbisReader(OggPacketReader stream, VorbisHeader head, bool[] modes)
    {
        _decoder = new StreamDecoder(new VorbisPacketProvider(stream.Read())) { ClipSamples = false };
        var before = 0;
        var span = OggTrim.Of(
            stream.Read().Skip(HeaderPackets),
            packet =>
            {
                // Each block adds the half that overlaps the block before, so the first adds nothing.
                var block = BlockSize(packet.Span, head, modes);
                var added = before == 0 || block == 0 ? 0 : (before + block) / 4;
                before = block == 0 ? before : block;
                return added;
            },
            stream.LastGranule);
        (_skip, _left) = (span.Skip, Math.Max(0, span.End - span.Skip));
        Header = new AudioHeader(head.SampleRate, head.Channels, _left);
    }

    public AudioHeader Header { get; }

    /// <summary>Null if the head is broken.</summary>
    /// <exception cref="InvalidDataException">The setup header is broken or asks for too much; NVorbis' exceptions pass too.</exception>
    public static VorbisReader? Open(ReadOnlyMemory<byte> bytes) =>
        OggPacketReader.Open(bytes) is { } stream && stream.Read().Take(HeaderPackets).ToList() is [var first, var second, var third]
            && VorbisHeader.Read(first.Data.Span) is { Channels: <= AudioHeader.MaxChannels } head && second.Data.Span.StartsWith("\u0003vorbis"u8)
            ? new VorbisReader(stream, head, VorbisSetupHeader.ReadModes(third.Data.Span, head.Channels))
            : null;

    public int ReadFrames(Span<float> interleaved)
    {
        var channels = Header.Channels;
        while (_skip > 0)
        {
            var skipped = Read(interleaved[..((int)Math.Min(_skip, interleaved.Length / channels) * channels)]);
            if (skipped == 0)
            {
                return 0;
            }

            _skip -= skipped;
        }

        var read = Read(interleaved[..((int)Math.Min(_left, interleaved.Length / channels) * channels)]);
        _left -= read;
        return read;
    }

    public void Dispose() => _decoder.Dispose();

    /// <summary>Samples of a packet's block; 0 for one that is not sound.</summary>
    private static int BlockSize(ReadOnlySpan<byte> packet, VorbisHeader head, bool[] modes)
    {
        if (packet.IsEmpty || (packet[0] & 1) != 0)
        {
            return 0;
        }

        var mode = (packet[0] >> 1) & ((1 << (32 - BitOperations.LeadingZeroCount((uint)(modes.Length - 1)))) - 1);
        return mode >= modes.Length ? 0 : modes[mode] ? head.LongBlock : head.ShortBlock;
    }

    private int Read(Span<float> interleaved) =>
        interleaved.IsEmpty ? 0 : _decoder.Read(interleaved, 0, interleaved.Length) / Header.Channels;
}
