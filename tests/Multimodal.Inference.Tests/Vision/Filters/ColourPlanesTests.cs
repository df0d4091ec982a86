using System.Runtime.Intrinsics;
using Multimodal.Inference.Vision;
using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Tests.Vision.Filters;

public sealed class ColourPlanesTests
{
    [Fact]
    public void Load_SixteenPixels_SplitsTheChannels()
    {
        var rgb = Enumerable.Range(0, 16).SelectMany(i => new[] { (byte)i, (byte)(100 + i), (byte)(255 - i) }).ToArray();

        var (red, green, blue) = ColourPlanes.Load(rgb);

        Assert.Equal(Enumerable.Range(0, 16).Select(i => (short)i), Levels(red));
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (short)(100 + i)), Levels(green));
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (short)(255 - i)), Levels(blue));
    }

    [Fact]
    public void Apply_AnyWidth_IsTheWeightedSumOfEachPixel()
    {
        var random = new Random(5);
        var image = new RgbImage(37, 5, new byte[3 * 37 * 5]);
        random.NextBytes(image.Pixels);
        var projection = new ColourProjection(0.6f, -0.3f, 0.1f, 76.5f);

        var gray = projection.Apply(image);

        for (var i = 0; i < gray.Pixels.Length; i++)
        {
            var value = (0.6f * image.Pixels[3 * i]) - (0.3f * image.Pixels[(3 * i) + 1]) + (0.1f * image.Pixels[(3 * i) + 2]) + 76.5f;
            Assert.InRange(gray.Pixels[i] - value, -0.501f, 0.501f);
        }
    }

    [Fact]
    public void TensorSums_SixteenPairsAtOnce_AreThoseOfSinglePairs()
    {
        var random = new Random(6);
        byte[] plus = new byte[48], minus = new byte[48];
        random.NextBytes(plus);
        random.NextBytes(minus);
        var (together, single) = (new TensorSums(), new TensorSums());

        together.Add(ColourPlanes.Load(plus), ColourPlanes.Load(minus));
        for (var i = 0; i < 48; i += 3)
        {
            single.Add(plus.AsSpan(i, 3), minus.AsSpan(i, 3));
        }

        double[] expected = new double[6], actual = new double[6];
        single.CopyTo(expected);
        together.CopyTo(actual);
        Assert.Equal(expected, actual);
    }

    private static short[] Levels(Vector256<short> vector)
    {
        var levels = new short[Vector256<short>.Count];
        vector.CopyTo(levels);
        return levels;
    }
}
