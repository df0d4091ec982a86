using System.Buffers.Binary;
using System.Diagnostics;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Audio.Comparison;

/// <summary>The ffmpeg program as the independent decoder and as the encoder of test files.</summary>
internal static class FfmpegTool
{
    /// <summary>Whether the program is installed. <c>eng/setup services</c> installs it.</summary>
    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "ffmpeg")));

    /// <summary>Skips the test if the program is not installed.</summary>
    public static void Require() => Assert.SkipUnless(IsInstalled, "ffmpeg is not installed; run: make setup-services");

    /// <summary>Runs the program, and fails with its messages if it fails.</summary>
    public static async Task RunAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var messages = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, messages);
    }

    /// <summary>Decodes a file with all its channels. A damaged file yields the sound that ffmpeg recovers.</summary>
    public static async Task<Reference> DecodeAsync(byte[] file)
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllBytesAsync(scratch.At("in"), file, TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(
            "ffmpeg", ["-nostdin", "-v", "quiet", "-i", scratch.At("in"), .. Output(0), scratch.At("out.wav")]);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return ReadWav(File.Exists(scratch.At("out.wav")) ? File.ReadAllBytes(scratch.At("out.wav")) : []);
    }

    /// <summary>Decodes intact files in one process.</summary>
    public static async Task<IReadOnlyList<Reference>> DecodeAllAsync(IReadOnlyList<byte[]> files)
    {
        using var scratch = new ScratchFolder();
        for (var i = 0; i < files.Count; i++)
        {
            await File.WriteAllBytesAsync(scratch.At($"in{i}"), files[i], TestContext.Current.CancellationToken);
        }

        var all = Enumerable.Range(0, files.Count).ToList();
        await RunAsync(
        [
            .. all.SelectMany(i => (string[])["-i", scratch.At($"in{i}")]),
            .. all.SelectMany(i => (string[])[.. Output(i), scratch.At($"out{i}.wav")]),
        ]);
        return [.. all.Select(i => ReadWav(File.ReadAllBytes(scratch.At($"out{i}.wav"))))];
    }

    private static string[] Output(int input) => ["-map", $"{input}:a:0", "-c:a", "pcm_f32le", "-fflags", "+bitexact"];

    /// <summary>Reads a WAV file of 32-bit floats that ffmpeg wrote: first the format chunk, last the data chunk.</summary>
    private static Reference ReadWav(byte[] wav)
    {
        var data = wav.AsSpan().IndexOf("data"u8) + 8;
        if (data < 8 || wav.Length == data)
        {
            return new Reference(0, 0);
        }

        int channels = BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(22));
        var rate = BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(24));
        var frames = (wav.Length - data) / (4 * channels);
        var (mean, each) = (0.0, new double[channels]);
        for (var frame = 0; frame < frames; frame++)
        {
            var sum = 0.0;
            for (var channel = 0; channel < channels; channel++)
            {
                double sample = BinaryPrimitives.ReadSingleLittleEndian(wav.AsSpan(data + (4 * ((frame * channels) + channel))));
                sum += sample;
                each[channel] += sample * sample;
            }

            mean += sum * sum;
        }

        // The rule of decision 0116: the loudest channel stands for channels whose sum has less than a quarter of its energy.
        var power = mean < each.Max() / 4 ? each.Max() : mean / (channels * channels);
        return new Reference((double)frames / rate, power / rate);
    }
}
