using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>A type of image file that at least one backend supports.</summary>
/// <param name="Name">The name in messages.</param>
/// <param name="MediaType">The media type (RFC 6838).</param>
/// <param name="Loader">The libvips operation that reads it; null if the libvips in use has none.</param>
internal sealed record ImageType(string Name, string MediaType, string? Loader)
{
    public static readonly ImageType Jpeg = new("JPEG", "image/jpeg", "jpegload_source");
    public static readonly ImageType Png = new("PNG", "image/png", "pngload_source");
    public static readonly ImageType Webp = new("WebP", "image/webp", "webpload_source");
    public static readonly ImageType Gif = new("GIF", "image/gif", "gifload_source");
    public static readonly ImageType Avif = new("AVIF", "image/avif", "heifload_source");
    public static readonly ImageType Tiff = new("TIFF", "image/tiff", "tiffload_source");
    public static readonly ImageType Bmp = new("BMP", "image/bmp", Loader: null);

    /// <summary>All types, in the order of lists in messages.</summary>
    public static readonly ImmutableArray<ImageType> All = [Jpeg, Png, Webp, Gif, Bmp, Avif, Tiff];

    /// <summary>Whether a file can contain several frames or pages.</summary>
    public bool HasFrames => this == Gif || this == Webp || this == Tiff || this == Avif;

    /// <summary>Determines the type from the magic numbers in the first bytes; null if it is unknown.</summary>
    public static ImageType? Sniff(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
        [0x47, 0x49, 0x46, 0x38, 0x37 or 0x39, 0x61, ..] => Gif,
        [0x49, 0x49, 0x2A or 0x2B, 0x00, ..] or [0x4D, 0x4D, 0x00, 0x2A or 0x2B, ..] => Tiff,
        [0x52, 0x49, 0x46, 0x46, _, _, _, _, 0x57, 0x45, 0x42, 0x50, ..] => Webp,
        [0x42, 0x4D, ..] when BmpLayout.HasKnownHeader(bytes) => Bmp,
        [_, _, _, _, 0x66, 0x74, 0x79, 0x70, ..] when IsAvif(bytes) => Avif,
        _ => null,
    };

    /// <summary>
    /// Whether the file type box (ISO/IEC 14496-12) contains the major or compatible brand <c>avif</c> or <c>avis</c>. HEIC files have the
    /// same box with other brands. They are not supported, because their codec is patented.
    /// </summary>
    private static bool IsAvif(ReadOnlySpan<byte> bytes)
    {
        var boxLength = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var brands = bytes[8..(int)Math.Min(boxLength < 8 ? 8 : boxLength, Math.Min(bytes.Length, 256))];
        for (var offset = 0; offset + 4 <= brands.Length; offset += 4)
        {
            // The second word is the minor version, not a brand.
            if (offset != 4 && (brands[offset..].StartsWith("avif"u8) || brands[offset..].StartsWith("avis"u8)))
            {
                return true;
            }
        }

        return false;
    }
}
