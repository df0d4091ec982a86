using Multimodal.Inference.Vision;
using Multimodal.Inference.Vision.Filters;
using Multimodal.Inference.Vision.Glyphs;

namespace Multimodal.Inference.Tests.Vision.Glyphs;

public sealed class GlyphFinderTests
{
    /// <summary>A digit, its box (left, top, width, height) and its polarity. The glyph must be found to a tenth of its size.</summary>
    [Theory]
    [InlineData(0, new[] { 100, 60, 120, 200 }, false)]
    [InlineData(1, new[] { 200, 100, 50, 90 }, false)]
    [InlineData(2, new[] { 30, 20, 40, 70 }, true)]
    [InlineData(3, new[] { 420, 20, 36, 60 }, false)]
    [InlineData(4, new[] { 20, 290, 36, 60 }, true)]
    [InlineData(5, new[] { 460, 330, 20, 36 }, false)]
    [InlineData(6, new[] { 250, 180, 24, 40 }, true)]
    [InlineData(7, new[] { 180, 100, 90, 150 }, false)]
    [InlineData(8, new[] { 130, 20, 220, 340 }, false)]
    [InlineData(9, new[] { 300, 200, 70, 120 }, true)]
    public void Find_AnyPositionSizeAndPolarity_FindsTheDigit(int digit, int[] box, bool isBright)
    {
        var scene = new Scene(512, 384, isBright ? 40 : 220)
            .Digit(digit, (box[0], box[1], box[2], box[3]), isBright ? 200 : 40)
            .Noise(3, digit);

        var (crop, _, _) = GlyphFinder.Find(scene.ToImage());

        AssertBox(crop, scene);
        Assert.Equal(isBright ? 1 : -1, crop.Sign);
    }

    [Theory]
    [InlineData("light")]
    [InlineData("vignette")]
    [InlineData("noise")]
    [InlineData("faint")]
    [InlineData("frame")]
    [InlineData("card on a dark table")]
    [InlineData("display on a bright wall")]
    [InlineData("ruled lines")]
    [InlineData("dark edge")]
    [InlineData("specks")]
    public void Find_Disturbance_FindsTheDigit(string disturbance)
    {
        var scene = disturbance switch
        {
            "light" => Plain(230, 40).Light(0.35),
            "vignette" => Plain(230, 40).Vignette(0.2),
            "noise" => Plain(200, 60).Noise(30, 1),
            "faint" => Plain(150, 125).Noise(2, 2),
            "frame" => Plain(220, 40).Frame((120, 70, 260, 250), 8, 40),
            "card on a dark table" => new Scene(512, 384, 50).Fill(120, 70, 260, 250, 225).Digit(5, (200, 120, 80, 140), 40),
            "display on a bright wall" => new Scene(512, 384, 210).Fill(120, 70, 260, 250, 30).Digit(5, (200, 120, 80, 140), 190),
            "ruled lines" => Ruled(),
            "dark edge" => Plain(220, 40).Fill(0, 0, 60, 384, 20).Fill(0, 350, 512, 34, 30),
            _ => Plain(220, 40).Fill(20, 20, 4, 4, 30).Fill(470, 350, 5, 5, 30).Fill(60, 320, 6, 4, 30).Fill(440, 40, 4, 6, 30),
        };

        var (crop, _, _) = GlyphFinder.Find(scene.ToImage());

        AssertBox(crop, scene);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(128)]
    public void Find_BlankImage_ReturnsTheWholeImage(int level)
    {
        var (crop, _, found) = GlyphFinder.Find(new Scene(200, 100, level).ToImage());

        Assert.Null(found);
        Assert.Equal(RelativeRectangle.Whole, crop.Box);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 500)]
    [InlineData(500, 1)]
    [InlineData(2, 3)]
    [InlineData(7, 5)]
    public void Find_TinyImage_ReturnsFiniteInk(int width, int height)
    {
        var (crop, _, _) = GlyphFinder.Find(new Scene(width, height, 100).Noise(60, 3).ToImage());

        Assert.True(float.IsFinite(crop.Ink) && crop.Ink > 0);
    }

    [Fact]
    public void Noise_WhiteNoise_IsItsStandardDeviation()
    {
        Assert.Equal(10, GrayFilters.Noise(new Scene(300, 300, 128).Noise(10, 4).ToImage()), 0.3);
    }

    [Fact]
    public void Of_RedOnGreenOfTheSameLuma_HasContrast()
    {
        var pixels = new byte[3 * 64 * 64];
        for (var i = 0; i < 64 * 64; i++)
        {
            var isInk = i % 64 is > 20 and < 40;
            byte[] colour = isInk ? [200, 60, 60] : [60, 131, 60];
            colour.CopyTo(pixels, 3 * i);
        }

        RgbImage image = new(64, 64, pixels);

        Assert.InRange(Math.Abs(image.ToGray().Pixels[0] - image.ToGray().Pixels[30]), 0, 2);
        var projected = ColourProjection.Of(image).Apply(image);
        Assert.True(Math.Abs(projected.Pixels[0] - projected.Pixels[30]) > 80);
    }

    private static Scene Plain(double background, double ink) => new Scene(512, 384, background).Digit(5, (200, 120, 80, 140), ink);

    private static Scene Ruled()
    {
        Scene scene = new(512, 384, 220);
        for (var y = 30; y < 384; y += 50)
        {
            scene.Fill(0, y, 512, 2, 150);
        }

        return scene.Digit(5, (200, 120, 80, 140), 40);
    }

    private static void AssertBox(GlyphCrop crop, Scene scene)
    {
        var (left, top, right, bottom) = scene.Ink;
        var (width, height) = (right - left, bottom - top);
        var tolerance = Math.Max(3, 0.1 * Math.Max(width, height));
        Assert.InRange(crop.Box.X * scene.Width, left - tolerance, left + tolerance);
        Assert.InRange(crop.Box.Y * scene.Height, top - tolerance, top + tolerance);
        Assert.InRange(crop.Box.Width * scene.Width, width - tolerance, width + tolerance);
        Assert.InRange(crop.Box.Height * scene.Height, height - tolerance, height + tolerance);
    }
}
