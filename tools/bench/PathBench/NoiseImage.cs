using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace Multimodal.Bench.PathBench;

/// <summary>A greyscale PNG of seeded noise, which is incompressible: about one byte per pixel.</summary>
internal static class NoiseImage
{
    /// <summary>Returns a PNG of side x side pixels.</summary>
    public static byte[] Png(int side, int seed)
    {
        // One extra byte per row is drawn and dropped, so that a seed keeps producing the same picture as the first version of this class.
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
