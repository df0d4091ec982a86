using NVorbis;

namespace Multimodal.Inference.Audio.Backends.Managed.Vorbis;

/// <summary>A packet in memory, for NVorbis.</summary>
internal sealed class VorbisPacket(ReadOnlyMemory<byte> data) : DataPacket
{
    private int _next;

    protected override int TotalBits => 8 * data.Length;

    public override void Reset()
    {
        base.Reset();
        _next = 0;
    }

    protected override int ReadNextByte() => _next < data.Length ? data.Span[_next++] : -1;
}
