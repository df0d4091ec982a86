using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>Parses the chunks of PNG files (W3C PNG, third edition, clause 5) and reduces them for ImageSharp.</summary>
internal static class PngLayout
{
    private const int SignatureLength = 8, Overhead = 12;
    private static readonly byte[] End = [0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];

    /// <summary>
    /// Parses a file. It must contain the header first and once, the palette before the data, and the data in consecutive complete chunks.
    /// The end chunk may be missing, as in libvips, because it contains no pixels. The file for ImageSharp contains only header, palette,
    /// transparency and data. ImageSharp would decompress texts of any size, and apply a second header to an image that is already allocated.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ImageLayout layout)
    {
        layout = default;
        if (!TryReadChunk(bytes, SignatureLength, out var chunk)
            || PngHeader.Read(chunk) is not { } header)
        {
            return false;
        }

        using MemoryStream file = new(bytes.Length);
        file.Write(bytes[..SignatureLength]);
        file.Write(chunk);
        var parsed = new Parsed(file, header.HasPalette);
        var offset = SignatureLength + chunk.Length;
        while (TryReadChunk(bytes, offset, out chunk) && !Name(chunk).SequenceEqual("IEND"u8))
        {
            offset += chunk.Length;
            if (!parsed.TryAdd(chunk))
            {
                return false;
            }
        }

        file.Write(End);
        if (!parsed.IsComplete)
        {
            return false;
        }

        layout = new ImageLayout
        {
            Width = header.Width,
            Height = header.Height,
            Frame = new FrameArea(0, 0, header.Width, header.Height),
            File = file.GetBuffer().AsSpan(0, (int)file.Length),
            Exif = parsed.Exif,
        };
        return true;
    }

    /// <summary>Reads the complete chunk at <paramref name="offset"/>: length, name, data and checksum.</summary>
    /// <returns>False if no complete chunk starts there.</returns>
    public static bool TryReadChunk(ReadOnlySpan<byte> bytes, int offset, out ReadOnlySpan<byte> chunk)
    {
        var length = offset <= bytes.Length - Overhead ? BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]) : uint.MaxValue;
        var isComplete = length <= bytes.Length - offset - Overhead;
        chunk = isComplete ? bytes.Slice(offset, (int)length + Overhead) : default;
        return isComplete;
    }

    private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> chunk) => chunk.Slice(4, 4);

    /// <summary>
    /// Extends a palette to 256 colours with black, as libvips does. ImageSharp 2.1.13 does not check the indices of interlaced files, and
    /// would read memory after the palette.
    /// </summary>
    private static byte[] FullPalette(ReadOnlySpan<byte> chunk)
    {
        if (Checksum(chunk[4..^4]) != BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]))
        {
            // ImageSharp refuses chunks with a wrong checksum.
            return chunk.ToArray();
        }

        var full = new byte[768 + Overhead];
        BinaryPrimitives.WriteInt32BigEndian(full, 768);
        chunk[4..^4].CopyTo(full.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(full.AsSpan(full.Length - 4), Checksum(full.AsSpan(4, 772)));
        return full;
    }

    /// <summary>Computes the CRC-32 of ISO 3309 bit by bit, which is fast enough for a palette.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }

    /// <summary>The state of the parser.</summary>
    /// <param name="file">Receives the chunks for ImageSharp.</param>
    /// <param name="needsPalette">Whether the header states a palette.</param>
    private ref struct Parsed(MemoryStream file, bool needsPalette)
    {
        private bool _hasPalette;
        private bool _hasData;
        private bool _isDataOver;

        public ReadOnlySpan<byte> Exif { get; private set; }

        public readonly bool IsComplete => _hasData && (_hasPalette || !needsPalette);

        /// <returns>False if the chunk must not occur at this position.</returns>
        public bool TryAdd(ReadOnlySpan<byte> chunk)
        {
            ReadOnlySpan<byte> name = Name(chunk), data = chunk[8..^4];
            var isData = name.SequenceEqual("IDAT"u8);
            _isDataOver |= _hasData && !isData;
            if (isData)
            {
                if (_isDataOver)
                {
                    return false;
                }

                file.Write(chunk);
                _hasData = true;
            }
            else if (name.SequenceEqual("PLTE"u8))
            {
                if (_hasPalette || _hasData || data.Length is 0 or > 768 || data.Length % 3 != 0)
                {
                    return false;
                }

                file.Write(needsPalette ? FullPalette(chunk) : chunk);
                _hasPalette = true;
            }
            else if (name.SequenceEqual("tRNS"u8) && !_hasData)
            {
                file.Write(chunk);
            }
            else if (name.SequenceEqual("eXIf"u8))
            {
                Exif = data;
            }
            else if (name.SequenceEqual("IHDR"u8))
            {
                return false;
            }

            return true;
        }
    }
}
