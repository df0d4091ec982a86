using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>Parses the chunks of PNG files (W3C PNG, third edition, clause 5) and reduces them for ImageSharp.</summary>
internal static class PngLayout
{
    /// <summary>Length of a chunk without its data, in bytes: length, name and checksum.</summary>
    public const int ChunkOverhead = 12;

    private const int SignatureLength = 8;
    private static readonly byte[] End = [0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];

    /// <summary>
    /// Parses a file. It must contain the header first and once, the palette before the data, and the data in consecutive complete chunks.
    /// The end chunk may be missing, as in libvips, because it contains no pixels. The file for ImageSharp contains only header, palette,
    /// transparency and data. ImageSharp would decompress texts of any size, and apply a second header to an image that is already
    /// allocated.
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
        var reduced = new ReducedPng(file, header.HasPalette);
        var offset = SignatureLength + chunk.Length;
        while (TryReadChunk(bytes, offset, out chunk) && !ReducedPng.Name(chunk).SequenceEqual("IEND"u8))
        {
            offset += chunk.Length;
            if (!reduced.TryAdd(chunk))
            {
                return false;
            }
        }

        file.Write(End);
        if (!reduced.IsComplete)
        {
            return false;
        }

        layout = new ImageLayout
        {
            Width = header.Width,
            Height = header.Height,
            Frame = new FrameArea(0, 0, header.Width, header.Height),
            File = file.GetBuffer().AsSpan(0, (int)file.Length),
            Exif = reduced.Exif,
        };
        return true;
    }

    /// <summary>Reads the complete chunk at <paramref name="offset"/>: length, name, data and checksum.</summary>
    /// <returns>False if no complete chunk starts there.</returns>
    public static bool TryReadChunk(ReadOnlySpan<byte> bytes, int offset, out ReadOnlySpan<byte> chunk)
    {
        var length = offset <= bytes.Length - ChunkOverhead ? BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]) : uint.MaxValue;
        var isComplete = length <= bytes.Length - offset - ChunkOverhead;
        chunk = isComplete ? bytes.Slice(offset, (int)length + ChunkOverhead) : default;
        return isComplete;
    }
}
