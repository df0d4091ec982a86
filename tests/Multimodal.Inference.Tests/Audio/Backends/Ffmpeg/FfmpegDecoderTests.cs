using Multimodal.Inference.Audio.Backends.Ffmpeg;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Audio.Backends.Ffmpeg;

/// <summary>The process and its limits. <c>IndependentDecoderTests</c> compare what it decodes.</summary>
public sealed class FfmpegDecoderTests : IDisposable
{
    private static readonly byte[] Aac = TinyMp4.Aac();

    // Writes a WAV header whose sample rate is $n. The shell has no PATH, so it uses nothing but built-in commands.
    private const string WriteRate = """
        byte() { printf "\\$(printf %o $(($1 & 255)))"; }
        printf 'RIFF\0\0\0\0WAVEfmt \020\0\0\0\003\0\001\0'
        byte $n; byte $((n >> 8)); byte $((n >> 16)); byte $((n >> 24))
        printf '\0\0\0\0\004\0\040\0data\0\0\0\0'
        """;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("off")]
    [InlineData("/nowhere/ffmpeg")]
    [InlineData("no-such-program-ffmpeg")]
    public void TryDecode_NoProgram_NamesTheFormatAndAConversion(string program)
    {
        var limits = new MediaOptions { AudioDecoder = AudioDecoderKind.Managed, Ffmpeg = program };

        Assert.False(AudioDecoder.TryDecode(Aac, limits, 8000, out _, out var failure));
        Assert.False(AudioInspector.TryInspect(Aac, limits, out _, out var inspected));

        Assert.Equal(MediaFailureCode.UnsupportedType, failure.Code);
        Assert.Equal(failure, inspected);
        Assert.StartsWith("This server does not read AAC in MP4. Convert the file", failure.Detail, StringComparison.Ordinal);
        Assert.Contains("ffmpeg -i INPUT OUTPUT.wav", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void TryInspect_FormatOfTheProcess_StartsNoProcess()
    {
        var limits = Script("exit 1");

        Assert.True(AudioInspector.TryInspect(Aac, limits, out var info, out var failure), failure?.Detail);

        Assert.Equal(("audio/mp4", null), (info.MediaType, info.SampleRate));
    }

    [Fact]
    public void TryDecode_ProcessWithoutOutput_IsUndecodable()
    {
        Assert.False(AudioDecoder.TryDecode(Aac, Script("exit 1"), 8000, out _, out var failure));

        Assert.Equal(MediaFailureCode.Undecodable, failure.Code);
        Assert.Contains("AAC in MP4", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void TryDecode_ProcessThatNeverEnds_IsKilledAtTheLimit()
    {
        var limits = Script("while :; do read -r line || :; done");
        limits.FfmpegSeconds = 1;

        Assert.False(AudioDecoder.TryDecode(Aac, limits, 8000, out _, out var failure));

        Assert.Contains("AAC in MP4", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(MediaFailureCode.Undecodable, failure.Code);
    }

    [Fact]
    public void Start_Process_HasTheLimitOfMemory()
    {
        Assert.SkipWhen(InstalledPrograms.Find("prlimit") is null || InstalledPrograms.Find("setpriv") is null, "util-linux is not installed.");
        var limits = Script($"n=$(ulimit -v)\n{WriteRate}");
        limits.FfmpegMegabytes = 256;

        Assert.Equal(256 << 10, Rate(limits));
    }

    [Fact]
    public void Start_Process_DoesNotGetTheEnvironment()
    {
        Environment.SetEnvironmentVariable("MULTIMODAL_TEST_SECRET", "2000");

        Assert.Equal(1000, Rate(Script($"n=${{MULTIMODAL_TEST_SECRET:-1000}}\n{WriteRate}")));
    }

    [Fact]
    public void Start_Process_CannotWriteFiles()
    {
        Assert.SkipWhen(InstalledPrograms.Find("prlimit") is null || InstalledPrograms.Find("setpriv") is null, "util-linux is not installed.");
        var file = _scratch.At("written");

        Rate(Script($"n=1000\n{WriteRate}\nprintf x > {file}"));

        Assert.True(!File.Exists(file) || new FileInfo(file).Length == 0);
    }

    [Fact]
    public void Dispose_ProcessThatReadsNothing_EndsIt()
    {
        var limits = Script("n=1000\n" + WriteRate + "\nwhile :; do :; done");
        using (var reader = FfmpegDecoder.Find(limits)!.Start(new byte[1 << 20], "mov")!)
        {
            Assert.Equal(1000, reader.Header.SampleRate);
        }

        // Dispose waits for the process and for the thread that feeds it, so reaching this line is the proof.
    }

    [Fact]
    public void TryDecode_AllPlacesTaken_IsOverloadedUntilOneIsFree()
    {
        var limits = Script($"n=1000\n{WriteRate}");
        (limits.FfmpegProcesses, limits.FfmpegSeconds) = (1, 1);
        using (Endless(1))
        {
            Assert.False(AudioDecoder.TryDecode(Aac, limits, 8000, out _, out var failure));

            Assert.Equal(MediaFailureCode.Overloaded, failure.Code);
            Assert.Contains("AAC in MP4", failure.Detail, StringComparison.Ordinal);
        }

        Assert.Equal(1000, Rate(limits));
    }

    [Fact]
    public void Start_ProgramThatCannotRun_KeepsItsPlaceFree()
    {
        var limits = Script("exit 1");
        File.WriteAllText(_scratch.At("not-executable"), "");
        (limits.Ffmpeg, limits.FfmpegProcesses, limits.FfmpegSeconds) = (_scratch.At("not-executable"), 3, 1);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.False(AudioDecoder.TryDecode(Aac, limits, 8000, out _, out var failure));

            Assert.NotEqual(MediaFailureCode.Overloaded, failure.Code);
        }
    }

    /// <summary>Two channels that cancel each other, so that the file is decoded twice.</summary>
    [Fact]
    public void TryDecode_CancellingChannelsWithOnePlace_DecodesTwice()
    {
        var limits = Script(
            """
            printf 'RIFF\0\0\0\0WAVEfmt \020\0\0\0\003\0\002\0\100\037\0\0\0\0\0\0\010\0\040\0data\0\0\0\0'
            i=0
            while [ $i -lt 800 ]; do printf '\0\0\200\077\0\0\200\277\0\0\200\277\0\0\200\077'; i=$((i + 1)); done
            """);
        (limits.FfmpegProcesses, limits.FfmpegSeconds) = (4, 5);
        using var first = Endless(4);
        using var second = Endless(4);
        using var third = Endless(4);

        Assert.True(AudioDecoder.TryDecode(Aac, limits, 8000, out var samples, out var failure), failure?.Detail);

        Assert.Equal((1600, 1f, -1f), (samples.Length, samples.Span[0], samples.Span[1]));
    }

    private FfmpegReader Endless(int places)
    {
        var limits = Script($"n=1000\n{WriteRate}\nwhile :; do :; done", "endless");
        (limits.FfmpegProcesses, limits.FfmpegSeconds) = (places, 60);
        return FfmpegDecoder.Find(limits)!.Start(Aac, "mov")!;
    }

    private static int Rate(MediaOptions limits)
    {
        using var reader = FfmpegDecoder.Find(limits)!.Start(Aac, "mov")!;
        return reader.Header.SampleRate;
    }

    private MediaOptions Script(string body, string name = "ffmpeg")
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script needs a POSIX shell.");
        var path = _scratch.At(name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return new MediaOptions { AudioDecoder = AudioDecoderKind.Managed, Ffmpeg = path };
    }
}
