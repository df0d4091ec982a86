namespace Multimodal.Inference.Vision;

/// <summary>The test for images that show nothing: all pixels have one colour.</summary>
public static class BlankImage
{
    /// <summary>
    /// Largest difference of the levels of one channel in a blank image, of 255. Compression changes the levels of an area of one colour by
    /// up to about 4. People do not see strokes with a contrast of 8 levels.
    /// </summary>
    public const int Tolerance = 8;

    /// <summary>
    /// Whether the levels of each channel differ by at most <see cref="Tolerance"/>, so that no expert can find anything. An image of one
    /// pixel is blank. A photo of an empty sheet is usually not blank, because its noise and shading exceed the tolerance. In reduced
    /// images a few deviating pixels of the original vanish: one black pixel on white does not count if the image is reduced by a factor of six or
    /// more.
    /// </summary>
    public static bool IsBlank(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ReadOnlySpan<byte> pixels = image.Pixels;
        (byte Min, byte Max) red = (255, 0), green = (255, 0), blue = (255, 0);
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            red = (Math.Min(red.Min, pixels[i]), Math.Max(red.Max, pixels[i]));
            green = (Math.Min(green.Min, pixels[i + 1]), Math.Max(green.Max, pixels[i + 1]));
            blue = (Math.Min(blue.Min, pixels[i + 2]), Math.Max(blue.Max, pixels[i + 2]));
            if (red.Max - red.Min > Tolerance || green.Max - green.Min > Tolerance || blue.Max - blue.Min > Tolerance)
            {
                return false;
            }
        }

        return true;
    }
}
