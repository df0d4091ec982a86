namespace Multimodal.Inference.Audio.Backends.Managed.Vorbis;

/// <summary>Reads bits of a packet, the lowest bit of a byte first (Vorbis I, section 2). It reads zeros after the end.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _bit;

    /// <summary>Whether bits after the end have been read.</summary>
    public readonly bool IsPastEnd => _bit > 8L * _bytes.Length;

    /// <summary>Reads up to 32 bits.</summary>
    public uint Read(int count)
    {
        var value = 0u;
        for (var i = 0; i < count; i++, _bit++)
        {
            var index = _bit >> 3;
            value |= (index < _bytes.Length ? (uint)(_bytes[(int)index] >> (int)(_bit & 7)) & 1 : 0) << i;
        }

        return value;
    }

    /// <summary>Reads one bit.</summary>
    public bool ReadFlag() => Read(1) != 0;

    /// <summary>Skips bits.</summary>
    public void Skip(long count) => _bit += count;
}
