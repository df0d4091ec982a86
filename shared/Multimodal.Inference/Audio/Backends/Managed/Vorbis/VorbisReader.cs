using System.Numerics;
using Multimodal.Inference.Audio.Containers.Ogg;
using NVorbis;

namespace Multimodal.Inference.Audio.Backends.Managed.Vorbis;

/// <summary>Reads Vorbis in Ogg with NVorbis.</summary>
internal sealed class VorbisReader : IAudioReader
{
    // The identification, comment and setup headers.
    private const int HeaderPackets = 3;

    private readonly StreamDecoder _decoder;
    private long _skip;
    private long _left;

    private VorbisReader(OggPacketReader stream, VorbisHeader header, bool[] modes)
    {
        _decoder = new StreamDecoder(new VorbisPacketProvider(stream.Read())) { ClipSamples = false };
        var before = 0;
        var trim = OggTrim.Of(
            stream.Read().Skip(HeaderPackets),
            packet =>
            {
                // Each block adds the half that overlaps with the previous block, so the first adds nothing.
                var block = BlockSize(packet.Span, header, modes);
                var added = before == 0 || block == 0 ? 0 : (before + block) / 4;
                before = block == 0 ? before : block;
                return added;
            },
            stream.LastGranule);
        (_skip, _left) = (trim.Skip, Math.Max(0, trim.End - trim.Skip));
        Header = new AudioHeader(header.SampleRate, header.Channels, _left);
    }

    public AudioHeader Header { get; }

    /// <summary>Opens a stream.</summary>
    /// <returns>Null if a header is broken.</returns>
    /// <exception cref="InvalidDataException">The setup header is broken or too large.</exception>
    /// <exception cref="Exception">The stream is broken. NVorbis throws many exception types.</exception>
    public static VorbisReader? Open(ReadOnlyMemory<byte> bytes) =>
        OggPacketReader.Open(bytes) is { } stream && stream.Read().Take(HeaderPackets).ToList() is [var first, var second, var third]
            && VorbisHeader.Read(first.Data.Span) is { Channels: <= AudioHeader.MaxChannels } header
            && second.Data.Span.StartsWith("\u0003vorbis"u8)
            ? new VorbisReader(stream, header, VorbisSetupHeader.ReadModes(third.Data.Span, header.Channels))
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

    /// <summary>Length of the block of a packet in samples; 0 if it is not an audio packet.</summary>
    private static int BlockSize(ReadOnlySpan<byte> packet, VorbisHeader header, bool[] modes)
    {
        if (packet.IsEmpty || (packet[0] & 1) != 0)
        {
            return 0;
        }

        var mode = (packet[0] >> 1) & ((1 << (32 - BitOperations.LeadingZeroCount((uint)(modes.Length - 1)))) - 1);
        return mode >= modes.Length ? 0 : modes[mode] ? header.LongBlock : header.ShortBlock;
    }

    private int Read(Span<float> interleaved) =>
        interleaved.IsEmpty ? 0 : _decoder.Read(interleaved, 0, interleaved.Length) / Header.Channels;
}
