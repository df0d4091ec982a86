namespace Multimodal.Inference.Vision.Formats;

/// <summary>A Huffman table of a JPEG file (ITU-T T.81, annex C).</summary>
internal sealed class JpegHuffman
{
    private const int MaxLength = 16;

    private readonly byte[] _values;

    // The first code of each length, the index of its value, and the number of codes.
    private readonly int[] _first = new int[MaxLength + 1];
    private readonly int[] _index = new int[MaxLength + 1];
    private readonly int[] _counts = new int[MaxLength + 1];

    private JpegHuffman(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
    {
        _values = values.ToArray();
        int code = 0, index = 0;
        for (var length = 1; length <= MaxLength; length++)
        {
            (_first[length], _index[length], _counts[length]) = (code, index, counts[length - 1]);
            code = (code + counts[length - 1]) << 1;
            index += counts[length - 1];
        }
    }

    /// <summary>Reads a table, and moves the definition behind it.</summary>
    /// <param name="definition">The 16 counts and the values, possibly followed by further tables.</param>
    /// <returns>Null if it is truncated.</returns>
    public static JpegHuffman? Read(ref ReadOnlySpan<byte> definition)
    {
        if (definition.Length < MaxLength)
        {
            return null;
        }

        var total = 0;
        foreach (var count in definition[..MaxLength])
        {
            total += count;
        }

        if (total > 256 || definition.Length < MaxLength + total)
        {
            return null;
        }

        JpegHuffman table = new(definition[..MaxLength], definition.Slice(MaxLength, total));
        definition = definition[(MaxLength + total)..];
        return table;
    }

    /// <summary>Decodes the next value.</summary>
    /// <returns>False if the data ends before, or contains a code that does not exist.</returns>
    public bool TryDecode(ref JpegBits bits, out int value)
    {
        var code = 0;
        for (var length = 1; length <= MaxLength && bits.TryRead(1, out var bit); length++)
        {
            code = (code << 1) | bit;
            if (code - _first[length] < _counts[length])
            {
                value = _values[_index[length] + code - _first[length]];
                return true;
            }
        }

        value = 0;
        return false;
    }
}
