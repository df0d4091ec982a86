using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>Recognizes files that no backend decodes, so that the refusal can name them.</summary>
internal static class ForeignFormat
{
    private const int MaxBrands = 256;

    /// <summary>Describes the file with its article and what the client can do; null if it is not recognized.</summary>
    /// <param name="bytes">The whole file, without leading white space.</param>
    public static (string Name, string Advice)? Recognize(ReadOnlySpan<byte> bytes) =>
        Image(bytes) is { } image ? (image, Convert)
        : Media(bytes) is { } media ? (media, "Send an image file, and sound in the part 'audio'.")
        : Document(bytes);

    private const string Convert = "Convert it to PNG or JPEG.";

    private static string? Image(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x38, 0x42, 0x50, 0x53, 0, 1 or 2, ..] => "a Photoshop file",
        [0xFF, 0x4F, 0xFF, 0x51, ..] or [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, ..] => "a JPEG 2000 file",
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20, ..] => "a JPEG XL file",
        [0, 0, 1 or 2, 0, > 0, 0, ..] => "an ICO file (icon or cursor)",
        [0x0A, <= 5, 1, 1 or 2 or 4 or 8, ..] => "a PCX file",
        [0x50, >= 0x31 and <= 0x37, 0x20 or 0x0A or 0x0D or 0x09, ..] => "a Netpbm file",
        [0x76, 0x2F, 0x31, 0x01, ..] => "an OpenEXR file",
        _ when bytes.StartsWith("/* XPM */"u8) => "an XPM file",
        _ when bytes.StartsWith("#?RADIANCE"u8) => "a Radiance HDR file",
        _ when bytes.StartsWith("gimp xcf "u8) => "a GIMP file",
        _ when bytes.StartsWith("FUJIFILMCCD-RAW"u8) => "a camera raw file",
        _ => null,
    };

    private static string? Media(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [_, _, _, _, 0x66, 0x74, 0x79, 0x70, _, _, _, _, ..] when !IsHeif(bytes) =>
            bytes[8..].StartsWith("qt  "u8) ? "a QuickTime video" : "an MP4 file (video or audio)",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "a WebM or Matroska file (video or audio)",
        [0x52, 0x49, 0x46, 0x46, _, _, _, _, 0x57, 0x41, 0x56, 0x45, ..] => "a WAV file (audio)",
        [0x52, 0x49, 0x46, 0x46, _, _, _, _, 0x41, 0x56, 0x49, 0x20, ..] => "an AVI video",
        [0x4F, 0x67, 0x67, 0x53, ..] => "an OGG file (audio)",
        [0x66, 0x4C, 0x61, 0x43, ..] => "a FLAC file (audio)",
        [0x49, 0x44, 0x33, ..] => "an MP3 file (audio)",
        _ => null,
    };

    private static (string Name, string Advice)? Document(ReadOnlySpan<byte> bytes)
    {
        var head = bytes[..Math.Min(bytes.Length, 1024)];
        if (IsHeif(bytes))
        {
            return (
                "a HEIC file (the format of iPhone photos)",
                "Convert it to JPEG, for example with 'heif-convert photo.heic photo.jpg', or set the camera to Most Compatible.");
        }

        if (head.IndexOf("<svg"u8) >= 0)
        {
            return ("an SVG drawing", "Export it as PNG.");
        }

        return bytes switch
        {
            _ when bytes.StartsWith("%PDF-"u8) => ("a PDF document", "Save the page as PNG or JPEG."),
            _ when bytes.StartsWith("%!PS"u8) => ("a PostScript document", Convert),
            [0x50, 0x4B, 3, 4, ..] => ("a ZIP archive", "Send the image file inside."),
            [0x1F, 0x8B, 8, ..] => ("a gzip archive", "Send the image file inside."),
            [0x3C, 0x21 or 0x68 or 0x48, ..] => ("an HTML page", "Send the bytes of the image file."),
            [0x7B, ..] or [0x5B, 0x7B or 0x22, ..] => ("a JSON text", "Send the bytes of the image file."),
            _ => Base64(head),
        };
    }

    /// <summary>Recognizes the first characters of an image in base64, and of a data URL.</summary>
    private static (string Name, string Advice)? Base64(ReadOnlySpan<byte> head)
    {
        var isImage = head.StartsWith("data:image/"u8)
            || head.StartsWith("iVBORw0KGgo"u8)
            || head.StartsWith("/9j/"u8)
            || head.StartsWith("R0lGOD"u8)
            || head.StartsWith("UklGR"u8);
        return isImage ? ("an image as base64 text", "Decode the text and send the bytes.") : null;
    }

    /// <summary>
    /// Whether the file type box (ISO/IEC 23008-12) contains a brand of HEIF other than AVIF. Its codec HEVC is patented, so no backend
    /// decodes it.
    /// </summary>
    private static bool IsHeif(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12 || !bytes[4..].StartsWith("ftyp"u8))
        {
            return false;
        }

        var length = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(bytes), (uint)Math.Min(bytes.Length, MaxBrands));
        for (var offset = 8; offset + 4 <= length; offset += 4)
        {
            // The second word is the minor version, not a brand.
            var brand = bytes.Slice(offset, 4);
            var isHeif = brand.StartsWith("hei"u8)
                || brand.StartsWith("hev"u8)
                || brand.SequenceEqual("mif1"u8)
                || brand.SequenceEqual("msf1"u8);
            if (offset != 12 && isHeif)
            {
                return true;
            }
        }

        return false;
    }
}
