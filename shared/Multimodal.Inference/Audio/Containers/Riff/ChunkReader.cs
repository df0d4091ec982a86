using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Containers.Riff;

/// <summary>
/// Reads the chunks of a RIFF or FORM file in order. It finds the next chunk also after an odd length without the padding byte.
/// </summary>
internal ref struct ChunkReader(ReadOnlySpan<byte> file, bool isBigEndian)
{
    private static readonly string[] KnownTypes =
    [
        "fmt ", "data", "LIST", "fact", "PEAK", "bext", "cue ", "smpl", "inst", "id3 ", "ID3 ", "JUNK", "junk", "FLLR", "PAD ", "DISP",
        "iXML", "axml", "ds64", "cart", "plst", "afsp", "wavl", "slnt", "chna", "acid", "strc", "LGWV",
        "COMM", "SSND", "FVER", "MARK", "INST", "NAME", "AUTH", "(c) ", "ANNO", "APPL", "COMT", "MIDI", "AESD", "CHAN",
    ];

    private readonly ReadOnlySpan<byte> _file = file;
    private int _offset = 12;

    /// <summary>Whether all chunks so far are padded to even lengths.</summary>
    public bool IsRegular { get; private set; } = true;

    /// <summary>Whether a chunk of a known type starts at the beginning of <paramref name="bytes"/>.</summary>
    public static bool StartsWithKnownType(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4)
        {
            return false;
        }

        foreach (var type in KnownTypes)
        {
            if (bytes[0] == type[0] && bytes[1] == type[1] && bytes[2] == type[2] && bytes[3] == type[3])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the next chunk.</summary>
    /// <returns>False at the end.</returns>
    public bool TryRead(out Chunk chunk)
    {
        chunk = default;
        if (_offset > _file.Length - Chunk.Header)
        {
            return false;
        }

        var size = _file[(_offset + 4)..];
        var stated = isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        chunk = new Chunk(_offset, stated, (int)Math.Min(stated, _file.Length - _offset - Chunk.Header));
        _offset = chunk.Start + chunk.Length;
        if (chunk.Length % 2 != 0 && _offset < _file.Length)
        {
            var isPadded = StartsWithKnownType(_file[(_offset + 1)..]) || !StartsWithKnownType(_file[_offset..]);
            IsRegular &= isPadded;
            _offset += isPadded ? 1 : 0;
        }

        return true;
    }

    /// <summary>
    /// The length of the samples in <paramref name="chunk"/>. A stated length of zero before other bytes than a chunk means that the
    /// recorder did not know it, as does a length beyond the end. The samples then reach to the end of the file.
    /// </summary>
    public readonly int SampleBytes(Chunk chunk)
    {
        var rest = _file[chunk.Start..];
        return chunk.Stated != 0 ? chunk.Length : StartsWithKnownType(rest) ? 0 : rest.Length;
    }
}
