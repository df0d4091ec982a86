using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.Processing;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>How to make a picture upright: turn it, then mirror it.</summary>
internal readonly record struct ExifOrientation(RotateMode Rotate, FlipMode Flip)
{
    /// <summary>It is upright.</summary>
    public static readonly ExifOrientation None = new(RotateMode.None, FlipMode.None);

    // EXIF 2.32, tag 274, from 1.
    private static readonly ExifOrientation[] Turns =
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

    /// <summary>Whether width and height change places.</summary>
    public bool IsSideways => Rotate is RotateMode.Rotate90 or RotateMode.Rotate270;

    /// <summary>Reads the orientation; broken metadata means upright, as it does to libvips.</summary>
    /// <param name="exif">A TIFF structure, or empty.</param>
    public static ExifOrientation Read(ReadOnlySpan<byte> exif)
    {
        if (exif.IsEmpty)
        {
            return None;
        }

#pragma warning disable CA1031 // Broken metadata fails in many ways.
        try
        {
            int orientation = new ExifProfile(exif.ToArray()).GetValue(ExifTag.Orientation)?.Value ?? 1;
            return orientation >= 1 && orientation <= Turns.Length ? Turns[orientation - 1] : None;
        }
        catch (Exception)
        {
            return None;
        }
#pragma warning restore CA1031
    }
}
