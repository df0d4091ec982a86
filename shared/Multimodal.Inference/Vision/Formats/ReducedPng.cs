using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>Collects the chunks of a PNG file that ImageSharp needs, and checks their order.</summary>
/// <param name="file">Receives the chunks.</param>
/// <param name="needsPalette">Whether the header states a palette.</param>
internal ref struct ReducedPng(MemoryStream file, bool needsPalette)
{
    private bool _hasPalette;
    private bool _hasData;
    private bool _isDataOver;

    /// <summary>The EXIF data, a TIFF structure; may be empty.</summary>
    public ReadOnlySpan<byte> Exif { get; private set; }

    /// <summary>Whether the required chunks have been added.</summary>
    public readonly bool IsComplete => _hasData && (_hasPalette || !needsPalette);

    /// <summary>Adds the next chunk.</summary>
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

    /// <summary>The name of a chunk.</summary>
    public static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> chunk) => chunk.Slice(4, 4);

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

        var full = new byte[768 + PngLayout.ChunkOverhead];
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
}
