using System.Runtime.InteropServices;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Filters;

namespace Multimodal.Inference.Tests.Vision.Preprocessing;

public sealed class ResizePreprocessorTests
{
    [Fact]
    public void TryPrepare_Stretch_FillsTheRow()
    {
        var row = Row(
            """{"kind":"resize","width":6,"height":4,"channels":3,"fit":"stretch"}""", TestImages.Read("rgb8.png"), [3, 4, 6]);

        Assert.Equal(220 / 255f, row[0], 0.02f);
        Assert.Equal(200 / 255f, row[24 + 5], 0.02f);
        Assert.Equal(220 / 255f, row[48 + 18], 0.02f);
        Assert.Equal(1, row[23], 0.02f);
    }

    [Fact]
    public void TryPrepare_Nhwc_InterleavesTheChannels()
    {
        var row = Row("""{"kind":"resize","width":6,"height":4,"fit":"stretch","layout":"nhwc"}""", TestImages.Read("rgb8.png"), [4, 6, 3]);

        Assert.Equal([220 / 255f, 20 / 255f, 20 / 255f], row[..3], (a, b) => Math.Abs(a - b) < 0.02f);
    }

    [Fact]
    public void TryPrepare_MeanAndScale_AreApplied()
    {
        var row = Row(
            """{"kind":"resize","width":2,"height":2,"fit":"stretch","mean":[0.5,0.25,0],"scale":[2,4,-1]}""",
            new Scene(2, 2, 255).Fill(1, 0, 1, 2, 0).ToPng(), [3, 2, 2]);

        Assert.Equal([1, -1, 1, -1, 3, -1, 3, -1, -1, 0, -1, 0], row, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void TryPrepare_Contain_FillsTheRestWithWhite()
    {
        var row = Row("""{"kind":"resize","width":8,"height":8,"channels":1}""", new Scene(80, 40, 0).Fill(0, 0, 10, 40, 90).ToPng(), [1, 8, 8]);

        Assert.Equal(1, row[0], 1e-4f);
        Assert.Equal(0, row[(4 * 8) + 4], 1e-4f);
        Assert.Equal(1, row[(7 * 8) + 4], 1e-4f);
    }

    [Fact]
    public void TryPrepare_Cover_CropsTheRest()
    {
        var scene = new Scene(80, 40, 0).Fill(0, 0, 15, 40, 255).Fill(65, 0, 15, 40, 255);

        var row = Row("""{"kind":"resize","width":8,"height":8,"channels":1,"fit":"cover"}""", scene.ToPng(), [1, 8, 8]);

        Assert.All(row, value => Assert.Equal(0, value, 0.01f));
    }

    [Theory]
    [InlineData("""{"kind":"resize"}""", "width,height")]
    [InlineData("""{"kind":"resize","width":1,"height":5000}""", "height")]
    [InlineData("""{"kind":"resize","width":1,"height":1,"channels":2}""", "channels")]
    [InlineData("""{"kind":"resize","width":1,"height":1,"fit":"crop"}""", "fit")]
    [InlineData("""{"kind":"resize","width":1,"height":1,"layout":"hwc"}""", "layout")]
    [InlineData("""{"kind":"resize","width":1,"height":1,"mean":[0.5]}""", "mean")]
    [InlineData("""{"kind":"resize","width":1,"height":1,"scale":[1,"x",2]}""", "scale[1]")]
    [InlineData("""{"kind":"resize","width":1,"height":1,"std":[1,1,1],"Fit":"cover"}""", "std,Fit")]
    public void Create_Errors_AreAllReported(string options, string keys)
    {
        Assert.Null(GlyphPreprocessorTests.Create(options, out var problems));

        Assert.Equal(keys, string.Join(',', problems));
    }

    [Fact]
    public void Resample_SameSize_IsTheIdentity()
    {
        float[] source = [.. Enumerable.Range(0, 12).Select(i => (float)(i * i))];
        var target = new float[12];

        TriangleResampler.Resample(new Plane(source, 4, 3), new ResampleWindow(0, 0, 4, 3), null, new Plane(target, 4, 3));

        Assert.Equal(source, target, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Resample_HalfSize_AveragesWithTheTriangle()
    {
        // Pillow: Image.fromarray(np.float32([[0, 0, 8, 8]])).resize((2, 1), BILINEAR).
        var target = new float[2];

        TriangleResampler.Resample(new Plane([0, 0, 8, 8], 4, 1), new ResampleWindow(0, 0, 4, 1), null, new Plane(target, 2, 1));

        Assert.Equal(8f / 7, target[0], 1e-4f);
        Assert.Equal(8 - (8f / 7), target[1], 1e-4f);
    }

    [Fact]
    public void Resample_BeyondTheImage_IsTheGivenValue()
    {
        var target = new float[4];

        TriangleResampler.Resample(new Plane([5, 5, 5, 5], 2, 2), new ResampleWindow(10, 10, 4, 4), 1, new Plane(target, 2, 2));

        Assert.Equal([1f, 1f, 1f, 1f], target);
    }

    private static float[] Row(string options, byte[] media, int[] shape)
    {
        var preprocessor = GlyphPreprocessorTests.Create(options, out var problems)!;
        Assert.Empty(problems);
        Assert.Equal(shape, preprocessor.Row.Shape);
        var row = new float[preprocessor.Row.Length];
        Assert.True(preprocessor.TryPrepare(new MediaContent(media), MemoryMarshal.AsBytes(row.AsSpan()), out _));
        return row;
    }
}
