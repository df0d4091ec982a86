using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace Multimodal.Bench.PathBench;

/// <summary>A grey PNG of noise from a seed, which does not compress: as many bytes as pixels.</summary>
internal static class NoiseImage
{
    /// <summary>The file of side times side pixels.</summary>
    public static byte[] Png(int side, int seed)
    {
        // The first byte of each row is drawn and dropped, so that a seed keeps its picture; it once was the place of the filter type.
        var rows = new byte[side * (side + 1)];
        new Random(seed).NextBytes(rows);
        using var image = new Image<L8>(side, side);
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                image[x, y] = new L8(rows[(y * (side + 1)) + 1 + x]);
            }
        }

        using var file = new MemoryStream();
        image.SaveAsPng(file, new PngEncoder
        {
            ColorType = PngColorType.Grayscale,
            BitDepth = PngBitDepth.Bit8,
            FilterMethod = PngFilterMethod.None,
            CompressionLevel = PngCompressionLevel.BestSpeed,
        });
        return file.ToArray();
    }
}
