using System.Globalization;
using System.Text;
using Multimodal.Bench.Services;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A service that is killed while ffmpeg decodes for it. The kernel kills ffmpeg with it.</summary>
public sealed class FfmpegKillTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_ServiceWhileFfmpegRuns_LeavesNoProcess()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv") && File.Exists("/usr/bin/prlimit"), "util-linux is not installed.");
        UntrainedEnsemble.Write(_folder.At("models"), RepositoryFiles.At("models", "digits"), "audio-dtmf");

        // It reads nothing, so a closed pipe does not end it. The fraction makes the command line unique.
        var seconds = string.Create(CultureInfo.InvariantCulture, $"600.{Environment.ProcessId}");
        await File.WriteAllTextAsync(_folder.At("ffmpeg"), $"#!/bin/sh\nexec /bin/sleep {seconds}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.At("ffmpeg"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await using var service = new StackService("all-in-one", "Multimodal.AllInOne", _folder.Path, null, TimeProvider.System);
        service.Start(new Dictionary<string, string>
        {
            ["Multimodal__DataFolder"] = _folder.At("data"),
            ["Multimodal__ModelsFolder"] = _folder.At("models"),
            ["Multimodal__Inference__Media__Ffmpeg"] = _folder.At("ffmpeg"),
            ["Multimodal__Inference__Media__FfmpegSeconds"] = "600",
        });
        await service.ReadyAsync(Limit, default);

        using var form = new MultipartFormDataContent { { new ByteArrayContent(TinyMp4.Aac()), "audio", "seven.m4a" } };
        var post = service.Http.PostAsync(new Uri("v1/requests", UriKind.Relative), form);
        await UntilAsync(() => IsRunning(seconds));
        await service.KillAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => post);
        await UntilAsync(() => !IsRunning(seconds));
    }

    private static bool IsRunning(string argument) => Directory.GetDirectories("/proc").Any(process =>
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline"))).Contains(argument, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // Not a process, or it has ended.
        }
    });

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Limit);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, timeout.Token);
        }
    }
}
