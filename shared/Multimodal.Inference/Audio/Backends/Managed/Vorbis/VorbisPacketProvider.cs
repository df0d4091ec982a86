using Multimodal.Inference.Audio.Backends.Managed.Ogg;
using NVorbis.Contracts;

namespace Multimodal.Inference.Audio.Backends.Managed.Vorbis;

/// <summary>
/// Hands the packets of a stream to NVorbis. It hides the granule positions, which are dealt with outside (<see cref="OggTrim"/>):
/// NVorbis does not return from a last position that lies before its packet. It puts empty comments in place of the file's, whose
/// stated lengths NVorbis believes.
/// </summary>
internal sealed class VorbisPacketProvider : IPacketProvider, IDisposable
{
    // No vendor, no comments, and the bit that ends the header.
    private static readonly byte[] NoComments = [.. "\u0003vorbis"u8, 0, 0, 0, 0, 0, 0, 0, 0, 1];

    private readonly IEnumerator<OggPacket> _packets;
    private VorbisPacket? _next;
    private int _read;

    public VorbisPacketProvider(IEnumerable<OggPacket> packets)
    {
        _packets = packets.GetEnumerator();
        _next = ReadOne();
    }

    public bool CanSeek => false;

    public int StreamSerial => 0;

    public IPacket? PeekNextPacket() => _next;

    public IPacket? GetNextPacket()
    {
        var packet = _next;
        _next = packet is null ? null : ReadOne();
        // Without the mark NVorbis would add half a block that nothing overlaps.
        packet?.IsEndOfStream = _next is null;
        return packet;
    }

    public long SeekTo(long granulePos, int preRoll, GetPacketGranuleCount getPacketGranuleCount) => throw new NotSupportedException();

    public long GetGranuleCount() => throw new NotSupportedException();

    public void Dispose() => _packets.Dispose();

    private VorbisPacket? ReadOne()
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
