using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Features;

namespace Multimodal.Benchmarks;

/// <summary>Image features of a phone photo for the gate. Target: below 80 ms on one core for 12 megapixels.</summary>
[MemoryDiagnoser]
public class ImageFeaturesBenchmarks
{
    private readonly float[] _values = new float[ImageFeatures.Names.Count];
    private readonly MediaOptions _limits = new();
    private byte[] _photo = [];

    /// <summary>Creates a noisy JPEG of 4000 by 3000 with ffmpeg.</summary>
    [GlobalSetup]
    public void MakePhoto()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".jpg");
        string[] arguments =
        [
            "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=4000x3000", "-vf", "noise=alls=10:allf=t",
            "-frames:v", "1", "-q:v", "4", "-pix_fmt", "yuvj420p", file,
        ];
        using (var ffmpeg = Process.Start("ffmpeg", arguments))
        {
            ffmpeg.WaitForExit();
        }

        _photo = File.ReadAllBytes(file);
        File.Delete(file);
    }

    /// <summary>Decodes to a thumbnail and computes all features.</summary>
    [Benchmark]
    public bool Photo12Megapixels() => ImageFeatures.TryCompute(new MediaContent(_photo), _limits, _values, out _);
}
