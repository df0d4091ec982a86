using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>A type of image file that at least one decoder takes.</summary>
/// <param name="Name">As people write it.</param>
/// <param name="MediaType">RFC 6838 name.</param>
/// <param name="Loader">The libvips operation that reads its header; null if our build of libvips has none.</param>
internal sealed record ImageType(string Name, string MediaType, string? Loader)
{
    public static readonly ImageType Jpeg = new("JPEG", "image/jpeg", "jpegload_source");
    public static readonly ImageType Png = new("PNG", "image/png", "pngload_source");
    public static readonly ImageType Webp = new("WebP", "image/webp", "webpload_source");
    public static readonly ImageType Gif = new("GIF", "image/gif", "gifload_source");
    public static readonly ImageType Avif = new("AVIF", "image/avif", "heifload_source");
    public static readonly ImageType Tiff = new("TIFF", "image/tiff", "tiffload_source");
    public static readonly ImageType Bmp = new("BMP", "image/bmp", Loader: null);

    /// <summary>All types, in the order in which messages list them.</summary>
    public static readonly ImmutableArray<ImageType> All = [Jpeg, Png, Webp, Gif, Bmp, Avif, Tiff];

    /// <summary>The type by the magic numbers of the first bytes, or null; never by a file name.</summary>
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
    /// ISO/IEC 14496-12 file type box: AVIF when its major or a compatible brand is <c>avif</c> or <c>avis</c>. HEIC has
    /// the same box with other brands and is not taken: its codec is not free.
    /// </summary>
    private static bool IsAvif(ReadOnlySpan<byte> bytes)
    {
        var boxLength = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var brands = bytes[8..(int)Math.Min(boxLength < 8 ? 8 : boxLength, Math.Min(bytes.Length, 256))];
        for (var at = 0; at + 4 <= brands.Length; at += 4)
        {
            // The second word of the box is the minor version, not a brand.
            if (at != 4 && (brands[at..].StartsWith("avif"u8) || brands[at..].StartsWith("avis"u8)))
            {
                return true;
            }
        }

        return false;
    }
}
