using Multimodal.Inference.Vision.Backends;
using Multimodal.Inference.Vision.Formats;
using NetVips;

namespace Multimodal.Inference.Tests.Vision.Formats;

public sealed class JpegScansTests
{
    public static TheoryData<int, int, bool, int, Enums.ForeignSubsample> Files
    {
        get
        {
            TheoryData<int, int, bool, int, Enums.ForeignSubsample> files = [];
            foreach (var (width, height) in new[] { (1, 1), (17, 9), (64, 64), (130, 47) })
            {
                foreach (var isProgressive in new[] { false, true })
                {
                    foreach (var restart in new[] { 0, 3 })
                    {
                        files.Add(width, height, isProgressive, restart, Enums.ForeignSubsample.On);
                        files.Add(width, height, isProgressive, restart, Enums.ForeignSubsample.Off);
                    }
                }
            }

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void AreComplete_FileOfLibjpeg_OnlyWithEveryBlock(int width, int height, bool isProgressive, int restart, Enums.ForeignSubsample subsample)
    {
        LibVips.EnsureInitialized();
        using var noise = Image.Gaussnoise(3 * width, height, sigma: 60, mean: 128, seed: 1);
        using var levels = noise.Cast(Enums.BandFormat.Uchar);
        using var image = Image.NewFromMemory(levels.WriteToMemory<byte>(), width, height, 3, Enums.BandFormat.Uchar);
        using var colour = image.Copy(interpretation: Enums.Interpretation.Srgb);
        var file = colour.JpegsaveBuffer(q: 85, interlace: isProgressive, restartInterval: restart, subsampleMode: subsample);

        Assert.Equal([0xFF, 0xD9], file[^2..]);
        Assert.True(JpegScans.AreComplete(file.AsSpan(0, file.Length - 2)));
        var data = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 10;
        for (var length = file.Length - 5; length > data; length -= Math.Max(1, (file.Length - data) / 20))
        {
            Assert.False(JpegScans.AreComplete(file.AsSpan(0, length)), $"{length} of {file.Length} bytes");
        }

        Assert.False(JpegScans.AreComplete([.. file[..^2], 0, 0, 0]));
    }

    [Fact]
    public void AreComplete_AnyBytes_Returns()
    {
        var file = TestImages.Read("progressive.jpg");
        Random random = new(1);
        for (var i = 0; i < 2000; i++)
        {
            byte[] broken = [.. file];
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                broken[random.Next(2, broken.Length)] = (byte)random.Next(256);
            }

            JpegScans.AreComplete(broken.AsSpan(0, random.Next(2, broken.Length)));
        }

        Assert.True(JpegScans.AreComplete(file.AsSpan(0, file.Length - 2)));
    }
}
