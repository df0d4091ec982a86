namespace Multimodal.Inference.Vision.Formats;

/// <summary>Reads bits of entropy-coded data (ITU-T T.81, annex F.2.2.5) up to the next marker. Stuffed zeros are skipped.</summary>
/// <param name="data">The file.</param>
/// <param name="start">Offset of the first byte of the data.</param>
internal ref struct JpegBits(ReadOnlySpan<byte> data, int start)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private uint _bits;
    private int _count;

    /// <summary>Offset of the next byte that has not been read.</summary>
    public int Offset { get; private set; } = start;

    /// <summary>Reads up to 16 bits.</summary>
    /// <returns>False if the data ends before.</returns>
    public bool TryRead(int count, out int value)
    {
        while (_count < count)
        {
            if (!TryReadByte(out var next))
            {
                value = 0;
                return false;
            }

            _bits = (_bits << 8) | next;
            _count += 8;
        }

        _count -= count;
        value = (int)(_bits >> _count) & ((1 << count) - 1);
        return true;
    }

    /// <summary>Skips the rest of the byte and a restart marker.</summary>
    /// <returns>False if no restart marker follows.</returns>
    public bool TryRestart()
    {
        _count = 0;
        if (Offset > _data.Length - 2 || _data[Offset] != 0xFF || _data[Offset + 1] is < 0xD0 or > 0xD7)
        {
            return false;
        }

        Offset += 2;
        return true;
    }

    private bool TryReadByte(out byte value)
    {
        value = Offset < _data.Length ? _data[Offset] : (byte)0;
        if (Offset >= _data.Length || (value == 0xFF && (Offset + 1 >= _data.Length || _data[Offset + 1] != 0)))
        {
            return false;
        }

        Offset += value == 0xFF ? 2 : 1;
        return true;
    }
}
