using Multimodal.Inference.Vision;

namespace Multimodal.Bench.Parity;

/// <summary>Difference between a decoded image and a reference, in levels of 0 to 255.</summary>
/// <param name="Mean">Mean absolute difference over all channels.</param>
/// <param name="Largest">Largest absolute difference.</param>
/// <param name="IsSameSize">Whether both have the same width and height; if not, the differences are 255.</param>
internal sealed record PixelComparison(double Mean, int Largest, bool IsSameSize)
{
    /// <summary>Compares two images.</summary>
    public static PixelComparison Of(RgbImage reference, RgbImage actual)
    {
        if ((reference.Width, reference.Height) != (actual.Width, actual.Height))
        {
            return new PixelComparison(255, 255, false);
        }

        long sum = 0;
        var largest = 0;
        for (var i = 0; i < reference.Pixels.Length; i++)
        {
            var difference = Math.Abs(reference.Pixels[i] - actual.Pixels[i]);
            sum += difference;
            largest = Math.Max(largest, difference);
        }

        return new PixelComparison((double)sum / reference.Pixels.Length, largest, true);
    }
}
