using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Backends.Managed.Ogg;

/// <summary>A page of an Ogg file (RFC 3533, section 6) by where it lies.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Its bytes, header included.</param>
/// <param name="Segments">Bytes of the table that tells the packets apart.</param>
/// <param name="Flags">Bit 0: goes on with a packet; bit 1: first of its stream; bit 2: last.</param>
/// <param name="Granule">Samples after the last packet that ends here; -1 if none does.</param>
/// <param name="Serial">Which stream of the file.</param>
/// <param name="Number">Counts the stream's pages.</param>
internal readonly record struct OggPage(int Offset, int Length, int Segments, byte Flags, long Granule, uint Serial, uint Number)
{
    /// <summary>Bytes before the table of segments.</summary>
    public const int HeaderLength = 27;

    private const int ChecksumOffset = 22;

    private static readonly uint[] Remainders = MakeRemainders();

    /// <summary>Whether its first bytes go on with the packet of the page before.</summary>
    public bool IsContinued => (Flags & 1) != 0;

    /// <summary>Whether a stream begins here.</summary>
    public bool IsFirst => (Flags & 2) != 0;

    /// <summary>Whether the stream says that it ends here.</summary>
    public bool IsLast => (Flags & 4) != 0;

    /// <summary>Reads a page, its checksum not yet compared; false if none starts at <paramref name="offset"/> or it is cut off.</summary>
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

    /// <summary>Whether the checksum is right: CRC-32 with polynomial 0x04C11DB7, not reflected, over the page with a checksum of zero.</summary>
    public bool IsIntact(ReadOnlySpan<byte> file)
    {
        var bytes = file.Slice(Offset, Length);
        var remainder = Divide(Divide(Divide(0, bytes[..ChecksumOffset]), [0, 0, 0, 0]), bytes[(ChecksumOffset + 4)..]);
        return remainder == BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]);
    }

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
