namespace Multimodal.Inference.Audio.Backends.Managed.Vorbis;

/// <summary>Reads a packet bit by bit, the lowest of a byte first (Vorbis I, section 2). Past the end it reads zeros and says so.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _bit;

    /// <summary>Whether more has been read than there is.</summary>
    public readonly bool IsPastEnd => _bit > 8L * _bytes.Length;

    /// <summary>Reads up to 32 bits.</summary>
    public uint Read(int count)
    {
        var value = 0u;
        for (var i = 0; i < count; i++, _bit++)
        {
            var at = _bit >> 3;
            value |= (at < _bytes.Length ? (uint)(_bytes[(int)at] >> (int)(_bit & 7)) & 1 : 0) << i;
        }

        return value;
    }

    /// <summary>Reads one bit.</summary>
    public bool ReadFlag() => Read(1) != 0;

    /// <summary>Passes over bits.</summary>
    public void Skip(long count) => _bit += count;
}
