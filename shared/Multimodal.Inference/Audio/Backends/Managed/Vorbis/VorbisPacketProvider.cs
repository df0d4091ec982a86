using Multimodal.Inference.Audio.Containers.Ogg;
using NVorbis.Contracts;

namespace Multimodal.Inference.Audio.Backends.Managed.Vorbis;

/// <summary>
/// Provides the packets of a stream to NVorbis. It hides the granule positions, because NVorbis never returns if the last position is
/// before its packet; <see cref="OggTrim"/> handles them. It replaces the comments with empty ones, because NVorbis allocates the lengths
/// that they state.
/// </summary>
internal sealed class VorbisPacketProvider : IPacketProvider, IDisposable
{
    // No vendor, no comments, and the framing bit.
    private static readonly byte[] NoComments = [.. "\u0003vorbis"u8, 0, 0, 0, 0, 0, 0, 0, 0, 1];

    private readonly IEnumerator<OggPacket> _packets;
    private VorbisPacket? _next;
    private int _read;

    public VorbisPacketProvider(IEnumerable<OggPacket> packets)
    {
        _packets = packets.GetEnumerator();
        _next = ReadNext();
    }

    public bool CanSeek => false;

    public int StreamSerial => 0;

    public IPacket? PeekNextPacket() => _next;

    public IPacket? GetNextPacket()
    {
        var packet = _next;
        _next = packet is null ? null : ReadNext();
        // Without the mark, NVorbis adds half a block that overlaps with no other.
        packet?.IsEndOfStream = _next is null;
        return packet;
    }

    public long SeekTo(long granulePos, int preRoll, GetPacketGranuleCount getPacketGranuleCount) => throw new NotSupportedException();

    public long GetGranuleCount() => throw new NotSupportedException();

    public void Dispose() => _packets.Dispose();

    private VorbisPacket? ReadNext()
    {
        while (_packets.MoveNext())
        {
            var isComments = ++_read == 2;
            if (isComments || !_packets.Current.Data.IsEmpty)
            {
                return new VorbisPacket(isComments ? NoComments : _packets.Current.Data);
            }
        }

        return null;
    }
}
