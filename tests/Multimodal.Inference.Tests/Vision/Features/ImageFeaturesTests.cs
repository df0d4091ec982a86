using Multimodal.Inference.Media;
using Multimodal.Inference.Vision;
using Multimodal.Inference.Vision.Features;
using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Tests.Vision.Features;

public sealed class ImageFeaturesTests
{
    [Fact]
    public void Names_All_AreUniqueAndPrefixed()
    {
        Assert.Equal(ImageFeatures.Names.Count, ImageFeatures.Names.Distinct().Count());
        Assert.All(ImageFeatures.Names, name => Assert.StartsWith("image.", name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("bilevel.png")]
    [InlineData("alpha.png")]
    [InlineData("still.gif")]
    [InlineData("gray16.tiff")]
    public void TryCompute_ValidFile_IsInRange(string name) =>
        Assert.All(Compute(TestImages.Read(name)), value => Assert.InRange(value, -3f, 3f));

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 300)]
    [InlineData(3, 3)]
    public void TryCompute_TinyFile_IsFinite(int width, int height) =>
        Assert.All(Compute(new Scene(width, height, 90).Fill(0, 0, 1, 1, 200).ToPng()), value => Assert.True(float.IsFinite(value)));

    [Theory]
    [InlineData("cases/1x1.png")]
    [InlineData("huge-within-limits.png")]
    public void TryCompute_BlankFile_IsEmpty(string name)
    {
        var values = new float[ImageFeatures.Names.Count];
        Assert.False(ImageFeatures.TryCompute(new MediaContent(TestImages.Read(name)), new MediaOptions(), values, out var failure));

        Assert.Equal(MediaFailureCode.Empty, failure.Code);
    }

    [Fact]
    public void TryCompute_DamagedFile_IsRefused()
    {
        var bytes = TestImages.Read("baseline.jpg");

        var values = new float[ImageFeatures.Names.Count];
        Assert.False(ImageFeatures.TryCompute(new MediaContent(bytes.AsSpan(0, 500).ToArray()), new MediaOptions(), values, out var failure));

        Assert.Equal(MediaFailureCode.Undecodable, failure.Code);
    }

    [Theory]
    [InlineData("image.noise", "noise", true)]
    [InlineData("image.sharpness", "blur", false)]
    [InlineData("image.brightness", "dim", false)]
    [InlineData("image.range", "dim", false)]
    [InlineData("image.unevenness", "light", true)]
    [InlineData("image.glyph-contrast", "faint", false)]
    [InlineData("image.glyph-bright", "inverted", true)]
    [InlineData("image.glyph-size", "small", false)]
    [InlineData("image.axis-straightness", "round", false)]
    [InlineData("image.direction-entropy", "round", true)]
    [InlineData("image.stroke-softness", "blur", true)]
    public void TryCompute_Change_ChangesItsFeature(string feature, string change, bool increases)
    {
        var index = ImageFeatures.Names.ToList().IndexOf(feature);
        var before = Compute(Plain().ToPng())[index];
        var changed = change switch
        {
            "noise" => Plain().Noise(20, 1).ToPng(),
            "blur" => TestImages.Png(GrayFilters.Smooth(Plain().ToImage(), 40)),
            "dim" => new Scene(240, 200, 60).Digit(5, (80, 40, 70, 120), 20).ToPng(),
            "light" => Plain().Light(0.3).ToPng(),
            "faint" => new Scene(240, 200, 210).Digit(5, (80, 40, 70, 120), 170).ToPng(),
            "inverted" => new Scene(240, 200, 20).Digit(5, (80, 40, 70, 120), 200).ToPng(),
            "small" => new Scene(240, 200, 210).Digit(5, (80, 40, 24, 40), 30).ToPng(),
            _ => Ring(),
        };

        var after = Compute(changed)[index];

        Assert.True(increases ? after > before + 0.02f : after < before - 0.02f, $"{feature}: {before} to {after}");
    }

    [Fact]
    public void TryCompute_Colour_RaisesColourfulness()
    {
        var colour = Compute(TestImages.Read("rgb8.png"));
        var gray = Compute(TestImages.Read("gray8.png"));

        Assert.True(colour[6] > 0.5f && gray[6] < 0.01f);
        Assert.True(colour[7] > 0.5f && gray[7] < 0.01f);
    }

    private static Scene Plain() => new Scene(240, 200, 210).Digit(5, (80, 40, 70, 120), 30);

    private static byte[] Ring()
    {
        var pixels = new byte[240 * 200];
        for (var i = 0; i < pixels.Length; i++)
        {
            var radius = Math.Sqrt(Math.Pow((i % 240) - 120, 2) + Math.Pow((i / 240) - 100, 2));
            pixels[i] = (byte)(radius is > 40 and < 55 ? 30 : 210);
        }

        return TestImages.Png(new GrayImage(240, 200, pixels));
    }

    private static float[] Compute(byte[] media)
    {
        var values = new float[ImageFeatures.Names.Count];
        Assert.True(ImageFeatures.TryCompute(new MediaContent(media), new MediaOptions(), values, out var failure), failure?.Detail);
        return values;
    }
}
