using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>The chunks of a PNG file (W3C PNG, third edition, clause 5), cleaned for ImageSharp.</summary>
internal static class PngLayout
{
    private const int SignatureLength = 8, Overhead = 12;
    private static readonly byte[] End = [0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];

    /// <summary>
    /// Requires the header first and once, the palette before the data, and the data in one run of whole chunks. The end chunk may be missing,
    /// as for libvips: no pixel is in it. The file for ImageSharp holds header, palette, transparency and data only. ImageSharp would unpack
    /// compressed texts of any size, and apply a second header to an image that it has allocated already.
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
        ReadOnlySpan<byte> exif = default;
        bool hasPalette = false, hasData = false, isDataOver = false;
        var at = SignatureLength + chunk.Length;
        while (TryReadChunk(bytes, at, out chunk))
        {
            at += chunk.Length;
            ReadOnlySpan<byte> name = chunk.Slice(4, 4), data = chunk[8..^4];
            var isData = name.SequenceEqual("IDAT"u8);
            isDataOver |= hasData && !isData;
            if (name.SequenceEqual("IEND"u8))
            {
                break;
            }

            if (isData)
            {
                if (isDataOver)
                {
                    return false;
                }

                file.Write(chunk);
                hasData = true;
            }
            else if (name.SequenceEqual("PLTE"u8))
            {
                if (hasPalette || hasData || data.Length is 0 or > 768 || data.Length % 3 != 0)
                {
                    return false;
                }

                file.Write(header.HasPalette ? FullPalette(chunk) : chunk);
                hasPalette = true;
            }
            else if (name.SequenceEqual("tRNS"u8) && !hasData)
            {
                file.Write(chunk);
            }
            else if (name.SequenceEqual("eXIf"u8))
            {
                exif = data;
            }
            else if (name.SequenceEqual("IHDR"u8))
            {
                return false;
            }
        }

        file.Write(End);
        return TryMake(file, header, hasPalette, hasData, exif, out layout);
    }

    /// <summary>The whole chunk at a place: length, name, data and checksum.</summary>
    public static bool TryReadChunk(ReadOnlySpan<byte> bytes, int at, out ReadOnlySpan<byte> chunk)
    {
        var length = at <= bytes.Length - Overhead ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : uint.MaxValue;
        var isWhole = length <= bytes.Length - at - Overhead;
        chunk = isWhole ? bytes.Slice(at, (int)length + Overhead) : default;
        return isWhole;
    }

    private static bool TryMake(
        MemoryStream file, PngHeader header, bool hasPalette, bool hasData, ReadOnlySpan<byte> exif, out ImageLayout layout)
    {
        layout = default;
        if (!hasData || (header.HasPalette && !hasPalette))
        {
            return false;
        }

        layout = new ImageLayout
        {
            Width = header.Width,
            Height = header.Height,
            Frame = new FrameArea(0, 0, header.Width, header.Height),
            File = file.GetBuffer().AsSpan(0, (int)file.Length),
            Exif = exif,
        };
        return true;
    }

    /// <summary>
    /// Fills a palette up to 256 colours with black, as libvips does. ImageSharp 2.1.13 does not check indices of interlaced files, and would read
    /// memory behind the palette.
    /// </summary>
    private static byte[] FullPalette(ReadOnlySpan<byte> chunk)
    {
        if (Checksum(chunk[4..^4]) != BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]))
        {
            // ImageSharp refuses the wrong checksum.
            return chunk.ToArray();
        }

        var full = new byte[768 + Overhead];
        BinaryPrimitives.WriteInt32BigEndian(full, 768);
        chunk[4..^4].CopyTo(full.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(full.AsSpan(full.Length - 4), Checksum(full.AsSpan(4, 772)));
        return full;
    }

    /// <summary>CRC-32 of ISO 3309, bit by bit: a palette is short.</summary>
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
}
