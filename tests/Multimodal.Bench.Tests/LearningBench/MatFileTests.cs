using System.Buffers.Binary;
using System.IO.Compression;
using Multimodal.Bench.LearningBench;
using Multimodal.Testing;

namespace Multimodal.Bench.Tests.LearningBench;

public sealed class MatFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_ArrayOfSixNumbers_GivesRows(bool compressed)
    {
        // In column order: 1 2 | 3 4 | 5 300.
        byte[] body = [.. Tag(6, 8), .. Int(6), .. Int(0), .. Tag(5, 8), .. Int(2), .. Int(3), 1, 0, 1, 0, (byte)'x', 0, 0, 0,
            .. Tag(4, 12), 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 44, 1, 0, 0, 0, 0];
        byte[] element = [.. Tag(14, body.Length), .. body];
        var arrays = MatFile.Read((byte[])[.. Header(), .. compressed ? Packed(element) : element]);
        Assert.Equal([1.0, 3.0, 5.0], arrays["x"][0]);
        Assert.Equal([2.0, 4.0, 300.0], arrays["x"][1]);
    }

    [Fact]
    public void Read_NoMatFileOrCutShort_IsRefused()
    {
        Assert.Throws<InvalidDataException>(() => MatFile.Read(new byte[200]));
        Assert.Throws<InvalidDataException>(() => MatFile.Read((byte[])[.. Header(), .. Tag(14, 4000), .. Tag(6, 8)]));
        Assert.Throws<InvalidDataException>(() => MatFile.Read((byte[])[.. Header(), .. Tag(14, 16), .. Tag(6, 8), .. Int(6), .. Int(0)]));
    }

    [Fact]
    public void Read_SixViews_HasTheirSizes()
    {
        var file = RepositoryFiles.DataSet("handwritten", "handwritten_6views.mat");
        Assert.SkipWhen(!File.Exists(file), "the data set handwritten is absent");
        var arrays = MatFile.Read(File.ReadAllBytes(file));
        Assert.Equal([240, 76, 216, 47, 64, 6], Enumerable.Range(1, 6).Select(v => arrays[$"x{v}_train"][0].Length));
        Assert.Equal((1600, 400), (arrays["x1_train"].Length, arrays["gt_test"].Length));
        // Means computed with SciPy, another reader of the format.
        Assert.Equal(0.131851109660, arrays["x2_train"].SelectMany(row => row).Average(), 1e-12);
        Assert.Equal(318.16889, arrays["x3_train"].SelectMany(row => row).Average(), 1e-5);
        Assert.Equal(0.055706848251, arrays["x5_train"].SelectMany(row => row).Average(), 1e-11);
    }

    private static byte[] Header()
    {
        var header = new byte[128];
        (header[125], header[126], header[127]) = (1, (byte)'I', (byte)'M');
        return header;
    }

    private static byte[] Packed(byte[] element)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(element);
        }

        return [.. Tag(15, (int)packed.Length), .. packed.ToArray()];
    }

    private static byte[] Tag(int type, int length) => [.. Int(type), .. Int(length)];

    private static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
