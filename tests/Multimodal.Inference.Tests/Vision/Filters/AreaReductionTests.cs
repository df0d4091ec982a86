using Multimodal.Inference.Vision;
using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Tests.Vision.Filters;

public sealed class AreaReductionTests
{
    [Fact]
    public void Reduce_SmallImage_IsTheSame()
    {
        var image = new RgbImage(4, 2, new byte[24]);

        Assert.Same(image, AreaReduction.Reduce(image, 4));
    }

    [Fact]
    public void Reduce_ByTwo_IsTheRoundedMeanOfFourPixels()
    {
        byte[] red = [0, 1, 10, 20, 2, 4, 30, 41];
        var image = new RgbImage(4, 2, [.. red.SelectMany(level => new byte[] { level, 255, 7 })]);

        var reduced = AreaReduction.Reduce(image, 2);

        // (0 + 1 + 2 + 4) / 4 = 1.75; (10 + 20 + 30 + 41) / 4 = 25.25.
        Assert.Equal((2, 1), (reduced.Width, reduced.Height));
        Assert.Equal([2, 255, 7, 25, 255, 7], reduced.Pixels);
    }

    [Fact]
    public void Reduce_ThreePixelsToTwo_SharesTheMiddleOne()
    {
        var image = new RgbImage(3, 1, [.. new byte[] { 30, 90, 240 }.SelectMany(level => new[] { level, level, level })]);

        // (30 + 90 / 2) / 1.5 = 50 and (90 / 2 + 240) / 1.5 = 190.
        Assert.Equal([50, 50, 50, 190, 190, 190], AreaReduction.Reduce(image, 2).Pixels);
    }

    [Theory]
    [InlineData(512, 384, 256, 192)]
    [InlineData(257, 3, 256, 3)]
    [InlineData(512, 1, 256, 1)]
    [InlineData(1, 512, 1, 256)]
    [InlineData(328, 247, 256, 193)]
    public void Reduce_OneLevel_KeepsTheLevel(int width, int height, int expectedWidth, int expectedHeight)
    {
        var pixels = new byte[3 * width * height];
        Array.Fill(pixels, (byte)201);

        var reduced = AreaReduction.Reduce(new RgbImage(width, height, pixels), 256);

        Assert.Equal((expectedWidth, expectedHeight), (reduced.Width, reduced.Height));
        Assert.Equal(3 * expectedWidth * expectedHeight, reduced.Pixels.Length);
        Assert.All(reduced.Pixels, level => Assert.Equal(201, level));
    }
}
