using Multimodal.Inference.Vision;
using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Tests.Vision.Filters;

/// <summary>The filters against their definitions, for sizes around the width of a vector register.</summary>
public sealed class GrayFiltersTests
{
    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 1 }, { 2, 5 }, { 3, 3 }, { 5, 2 }, { 15, 4 }, { 16, 7 }, { 17, 17 }, { 18, 3 }, { 31, 5 }, { 32, 9 }, { 33, 6 }, { 34, 40 }, { 49, 3 }, { 100, 75 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Noise_IsTheMeanResponseOfTheFilter(int width, int height)
    {
        var image = Random(width, height);
        double sum = 0;
        for (var y = 1; y < height - 1; y++)
        {
            for (var x = 1; x < width - 1; x++)
            {
                int[] weights = [1, -2, 1, -2, 4, -2, 1, -2, 1];
                sum += Math.Abs(weights.Index().Sum(weight => weight.Item * At(image, x - 1 + (weight.Index % 3), y - 1 + (weight.Index / 3))));
            }
        }

        var expected = width < 3 || height < 3 ? 0 : Math.Sqrt(Math.PI / 2) * sum / (6.0 * (width - 2) * (height - 2));
        Assert.Equal(expected, GrayFilters.Noise(image), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Smooth_IsTheBinomialMeanWithRepeatedEdges(int width, int height)
    {
        var image = Random(width, height);
        var smooth = GrayFilters.Smooth(image, 1);

        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                int Row(int row) => At(image, x - 1, row) + (2 * At(image, x, row)) + At(image, x + 1, row);
                Assert.Equal((Row(y - 1) + (2 * Row(y)) + Row(y + 1) + 8) / 16, At(smooth, x, y));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void SubtractLocalMean_SubtractsTheMeanOfTheClippedSquare(int width, int height)
    {
        var image = Random(width, height);
        foreach (var radius in new[] { 1, 4, 11, 60 })
        {
            var difference = new short[width * height];
            GrayFilters.SubtractLocalMean(image, radius, difference);

            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    var (sum, count) = (0, 0);
                    for (var row = Math.Max(0, y - radius); row <= Math.Min(height - 1, y + radius); row++)
                    {
                        for (var column = Math.Max(0, x - radius); column <= Math.Min(width - 1, x + radius); column++)
                        {
                            (sum, count) = (sum + At(image, column, row), count + 1);
                        }
                    }

                    Assert.Equal((short)(At(image, x, y) - (sum / (float)count)), difference[(y * width) + x]);
                }
            }
        }
    }

    private static int At(GrayImage image, int x, int y) =>
        image.Pixels[(Math.Clamp(y, 0, image.Height - 1) * image.Width) + Math.Clamp(x, 0, image.Width - 1)];

    private static GrayImage Random(int width, int height)
    {
        var pixels = new byte[width * height];
        new Random((1000 * width) + height).NextBytes(pixels);
        return new GrayImage(width, height, pixels);
    }
}
