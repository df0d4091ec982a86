using System.Net;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>
/// The audio decoder of a service, which the service logs at startup. The service rejects formats that the decoder does not support, with
/// the decoder's message.
/// </summary>
public sealed class SoundDecoderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_Managed_LogsTheSupportedFormats()
    {
        await using var host = await StartAsync();

        var line = Assert.Single(host.Log.Split('\n'), line => line.Contains("Audio is decoded by", StringComparison.Ordinal));
        Assert.Contains("managed code, which reads WAV, AIFF, MP3, OGG Vorbis, and Opus in OGG and WebM", line, StringComparison.Ordinal);
        Assert.Contains("refused: FLAC,", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_FlacToManaged_Is415WithTheRemedy()
    {
        await using var host = await StartAsync();
        using var form = new MultipartFormDataContent();
        using var part = new ByteArrayContent([.. "fLaC"u8, .. new byte[100]]);
        form.Add(part, "audio", "seven.flac");

        using var response = await host.Http.PostAsync(new Uri("v1/requests", UriKind.Relative), form);

        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.UnsupportedMediaType, text);
        Assert.Contains("This server does not read FLAC. Convert the file", text, StringComparison.Ordinal);
        Assert.Contains("install libsndfile and libsoxr", text, StringComparison.Ordinal);
    }

    /// <summary>The number of log lines to keep. ASP.NET Core writes about a dozen for each call of the health probe.</summary>
    private Task<PipelineHost> StartAsync() => PipelineHost.StartAsync(
        _folder.Path,
        new ScriptedEnsemble([ScriptedExpert.Answers("ear", Modality.Audio, 0.6, 0.3, 0.1)]),
        builder =>
        {
            builder.AddMultimodal();
            builder.Logging.AddFilter("Microsoft", LogLevel.None);
        },
        ("Multimodal:Inference:Media:AudioDecoder", "managed"),
        ("Multimodal:Inference:Media:Ffmpeg", "off"));
}
