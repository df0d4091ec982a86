using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.Processing;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>The rotation, and then the reflection, that make an image upright.</summary>
internal readonly record struct ExifOrientation(RotateMode Rotate, FlipMode Flip)
{
    /// <summary>The image is upright.</summary>
    public static readonly ExifOrientation None = new(RotateMode.None, FlipMode.None);

    // By the value of the tag, from 1 (EXIF 2.32, tag 274).
    private static readonly ExifOrientation[] ByTagValue =
    [
        None,
        new(RotateMode.None, FlipMode.Horizontal),
        new(RotateMode.Rotate180, FlipMode.None),
        new(RotateMode.None, FlipMode.Vertical),
        new(RotateMode.Rotate90, FlipMode.Horizontal),
        new(RotateMode.Rotate90, FlipMode.None),
        new(RotateMode.Rotate270, FlipMode.Horizontal),
        new(RotateMode.Rotate270, FlipMode.None),
    ];

    /// <summary>Whether width and height are swapped.</summary>
    public bool IsSideways => Rotate is RotateMode.Rotate90 or RotateMode.Rotate270;

    /// <summary>Reads the orientation. Broken metadata means upright, as in libvips.</summary>
    /// <param name="exif">The EXIF data, a TIFF structure; may be empty.</param>
    public static ExifOrientation Read(ReadOnlySpan<byte> exif)
    {
        if (exif.IsEmpty)
        {
            return None;
        }

#pragma warning disable CA1031 // ImageSharp throws many exception types on broken metadata.
        try
        {
            int orientation = new ExifProfile(exif.ToArray()).GetValue(ExifTag.Orientation)?.Value ?? 1;
            return orientation >= 1 && orientation <= ByTagValue.Length ? ByTagValue[orientation - 1] : None;
        }
        catch (Exception)
        {
            return None;
        }
#pragma warning restore CA1031
    }
}
