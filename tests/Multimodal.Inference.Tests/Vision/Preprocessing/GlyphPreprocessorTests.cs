using System.Runtime.InteropServices;
using System.Text.Json;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Tests.Vision.Preprocessing;

public sealed class GlyphPreprocessorTests
{
    [Fact]
    public void TryPrepare_DarkOrBrightInk_HasTheSameRow()
    {
        var dark = Row(new Scene(200, 200, 230).Digit(3, (60, 40, 70, 120), 30).ToPng());
        var bright = Row(new Scene(200, 200, 25).Digit(3, (60, 40, 70, 120), 225).ToPng());

        Assert.All(dark.Zip(bright), pair => Assert.Equal(pair.First, pair.Second, 0.03f));
    }

    [Fact]
    public void TryPrepare_AnyPositionAndSize_HasTheSameShape()
    {
        var large = Row(new Scene(300, 300, 230).Digit(2, (60, 40, 110, 200), 30).ToPng());
        var small = Row(new Scene(600, 500, 230).Digit(2, (500, 400, 44, 80), 30).ToPng());

        Assert.True(Correlation(large, small) > 0.95);
    }

    [Fact]
    public void TryPrepare_TinyDigitInALargePhoto_UsesTheFullResolution()
    {
        var large = Row(new Scene(300, 300, 230).Digit(8, (60, 40, 110, 200), 30).ToPng());
        var tiny = Row(new Scene(3000, 2000, 230).Digit(8, (2800, 1800, 55, 100), 30).ToPng());

        Assert.InRange(Correlation(large, tiny), 0.95, 1);
    }

    [Fact]
    public void TryPrepare_Glyph_IsCentredWithTheMargin()
    {
        var row = Row(new Scene(300, 300, 230).Digit(8, (60, 40, 110, 200), 30).ToPng());

        var first = Enumerable.Range(0, 32).First(y => row.Skip(32 * y).Take(32).Max() > 0.5f);
        var last = Enumerable.Range(0, 32).Last(y => row.Skip(32 * y).Take(32).Max() > 0.5f);
        Assert.InRange(first, 3, 5);
        Assert.InRange(last, 26, 28);
        Assert.All(row, ink => Assert.InRange(ink, 0f, 1f));
        Assert.True(row.Max() > 0.9f);
    }

    [Fact]
    public void TryPrepare_InParallel_IsBitIdentical()
    {
        var media = new Scene(400, 300, 200).Digit(6, (100, 80, 80, 140), 60).Noise(15, 9).Light(0.5).ToPng();
        var expected = Row(media);

        Parallel.For(0, 16, _ => Assert.Equal(expected, Row(media)));
    }

    [Theory]
    [InlineData("""{"kind":"glyph","size":32}""")]
    [InlineData("""{"kind":"resize","width":8,"height":8}""")]
    public void TryPrepare_BlankImage_IsEmpty(string options)
    {
        var preprocessor = Create(options, out _)!;

        Assert.False(preprocessor.TryPrepare(new MediaContent(new Scene(64, 64, 200).ToPng()), new byte[preprocessor.Row.ByteLength], out var failure));

        Assert.Equal(MediaFailureCode.Empty, failure.Code);
    }

    [Fact]
    public void TryPrepare_OnlyNoise_WritesARow()
    {
        Assert.All(Row(new Scene(64, 64, 200).Noise(20, 1).ToPng()), ink => Assert.InRange(ink, 0f, 1f));
    }

    [Fact]
    public void TryPrepare_DamagedFile_IsRefused()
    {
        var preprocessor = Create("""{"kind":"glyph","size":32}""", out _)!;
        var png = new Scene(64, 64, 200).ToPng();

        Assert.False(preprocessor.TryPrepare(new MediaContent(png.AsSpan(0, png.Length / 2).ToArray()), new byte[preprocessor.Row.ByteLength], out var failure));

        Assert.Equal(MediaFailureCode.Undecodable, failure.Code);
    }

    [Theory]
    [InlineData("""{"kind":"glyph"}""", "size")]
    [InlineData("""{"kind":"glyph","size":0}""", "size")]
    [InlineData("""{"kind":"glyph","size":"32"}""", "size")]
    [InlineData("""{"kind":"glyph","size":32.5}""", "size")]
    [InlineData("""{"kind":"glyph","size":32,"margin":0.5}""", "margin")]
    [InlineData("""{"kind":"glyph","size":32,"colour":true}""", "colour")]
    [InlineData("""{"kind":"glyph","size":999,"margin":-1,"colour":true}""", "size,margin,colour")]
    public void Create_Errors_AreAllReported(string options, string keys)
    {
        Assert.Null(Create(options, out var problems));

        Assert.Equal(keys, string.Join(',', problems));
    }

    internal static IPreprocessor? Create(string options, out List<string> problems)
    {
        var element = JsonDocument.Parse(options).RootElement;
        List<string> keys = [];
        var preprocessor = PreprocessorTable.ByKind[element.GetProperty("kind").GetString()!](
            new PreprocessorContext(element, ".", new MediaOptions()), (key, _) => keys.Add(key));
        problems = keys;
        return preprocessor;
    }

    private static float[] Row(byte[] media)
    {
        var preprocessor = Create("""{"kind":"glyph","size":32,"margin":0.125}""", out _)!;
        var row = new float[preprocessor.Row.Length];
        Assert.Equal([1, 32, 32], preprocessor.Row.Shape);
        Assert.True(preprocessor.TryPrepare(new MediaContent(media), MemoryMarshal.AsBytes(row.AsSpan()), out _));
        return row;
    }

    private static double Correlation(float[] a, float[] b)
    {
        double meanA = a.Average(), meanB = b.Average();
        var product = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return product / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }
}
