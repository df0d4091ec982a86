using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Containers.Ogg;

/// <summary>The position and header of a page in an Ogg file (RFC 3533, section 6).</summary>
/// <param name="Offset">Index of its first byte.</param>
/// <param name="Length">Length in bytes, including the header.</param>
/// <param name="Segments">Length of the segment table in bytes.</param>
/// <param name="Flags">Bit 0: continues a packet; bit 1: first page of a stream; bit 2: last page.</param>
/// <param name="Granule">Granule position after the last packet that ends here; -1 if none ends here.</param>
/// <param name="Serial">Serial number of the stream.</param>
/// <param name="Number">Sequence number of the page in the stream.</param>
internal readonly record struct OggPage(int Offset, int Length, int Segments, byte Flags, long Granule, uint Serial, uint Number)
{
    /// <summary>Length of the header before the segment table, in bytes.</summary>
    public const int HeaderLength = 27;

    private const int ChecksumOffset = 22;

    private static readonly uint[] Remainders = MakeRemainders();

    /// <summary>Whether it starts with the rest of a packet of the previous page.</summary>
    public bool IsContinued => (Flags & 1) != 0;

    /// <summary>Whether it is the first page of a stream.</summary>
    public bool IsFirst => (Flags & 2) != 0;

    /// <summary>Whether it is marked as the last page of its stream.</summary>
    public bool IsLast => (Flags & 4) != 0;

    /// <summary>Reads a page without comparing its checksum.</summary>
    /// <returns>False if no complete page starts at <paramref name="offset"/>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> file, int offset, out OggPage page)
    {
        page = default;
        var header = file[offset..];
        if (header.Length < HeaderLength || !header.StartsWith("OggS\0"u8) || header.Length < HeaderLength + header[26])
        {
            return false;
        }

        var length = HeaderLength + header[26];
        foreach (var segment in header.Slice(HeaderLength, header[26]))
        {
            length += segment;
        }

        page = new OggPage(
            offset,
            length,
            header[26],
            header[5],
            BinaryPrimitives.ReadInt64LittleEndian(header[6..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[14..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[18..]));
        return length <= header.Length;
    }

    /// <summary>
    /// Whether the checksum is correct: CRC-32 with polynomial 0x04C11DB7, not reflected, over the page with a zero checksum.
    /// </summary>
    public bool IsIntact(ReadOnlySpan<byte> file)
    {
        var bytes = file.Slice(Offset, Length);
        return Checksum(bytes) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]);
    }

    /// <summary>Writes the checksum of a page.</summary>
    public static void Seal(Span<byte> page) => BinaryPrimitives.WriteUInt32LittleEndian(page[ChecksumOffset..], Checksum(page));

    private static uint Checksum(ReadOnlySpan<byte> page) =>
        Divide(Divide(Divide(0, page[..ChecksumOffset]), [0, 0, 0, 0]), page[(ChecksumOffset + 4)..]);

    private static uint Divide(uint remainder, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            remainder = (remainder << 8) ^ Remainders[(remainder >> 24) ^ value];
        }

        return remainder;
    }

    private static uint[] MakeRemainders()
    {
        var remainders = new uint[256];
        for (var value = 0u; value < 256; value++)
        {
            var remainder = value << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder << 1) ^ ((remainder & 0x8000_0000) != 0 ? 0x04C1_1DB7u : 0);
            }

            remainders[value] = remainder;
        }

        return remainders;
    }
}
