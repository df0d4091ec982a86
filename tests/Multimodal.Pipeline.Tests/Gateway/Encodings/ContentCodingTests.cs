using System.IO.Compression;
using System.Text;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Multimodal.Pipeline.Tests.Gateway.Encodings;

/// <summary>Compressed bodies.</summary>
public sealed class ContentCodingTests : IAsyncLifetime, IDisposable
{
    private const int MaxBodyBytes = 200_000;
    private static readonly byte[] Json = """{"text": "zero"}"""u8.ToArray();
    private readonly ScratchFolder _folder = new();
    private readonly ScriptedExpert _text = ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1);
    private PipelineHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await PipelineHost.StartAsync(_folder.Path, [_text], ("Multimodal:Http:MaxBodyBytes", $"{MaxBodyBytes}"));

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("identity")]
    public async Task Post_Compressed_IsRead(string coding)
    {
        var reply = await PostAsync(coding, Compress(coding, Json));
        var form = await _host.PostAsync(
            $"Content-Encoding: {coding}\r\nContent-Type: multipart/form-data; boundary=b", Compress(coding, RawCall.Form("b", RawCall.Part("text", "zero"))));

        Assert.Equal((200, 200), (reply.Status, form.Status));
        Assert.All(_text.Media, media => Assert.Equal("zero", Encoding.UTF8.GetString(media)));
        Assert.Equal(0, _host.Get<UploadLimit>().Count);
    }

    [Theory]
    [InlineData("deflate")]
    [InlineData("compress")]
    [InlineData("gzip, gzip")]
    public async Task Post_OtherCoding_IsRefusedByNameWithTheSupportedOnes(string coding)
    {
        var reply = await PostAsync(coding, Json);

        Assert.Equal((415, "unsupported-encoding"), (reply.Status, reply.Code));
        Assert.Contains($"'{coding}'", reply.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("gzip, br, zstd", string.Join(", ", reply.Headers.GetValues("Accept-Encoding")));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task Post_BodyThatGrowsBeyondTheLimit_IsRefusedAndLeavesNothing(string coding)
    {
        var bomb = Compress(coding, new byte[50_000_000]);
        Assert.InRange(bomb.Length, 1, MaxBodyBytes);

        var reply = await PostAsync(coding, bomb);

        Assert.Equal((413, "too-large"), (reply.Status, reply.Code));
        Assert.Contains("decompressed", reply.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(0, _host.Get<UploadLimit>().Count);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task Post_DamagedBody_IsRefusedByItsCoding(string coding)
    {
        var random = await PostAsync(coding, SampleMedia.Png(8));
        var cut = await PostAsync(coding, Compress(coding, Encoding.UTF8.GetBytes($$"""{"text": "{{new string('a', 900)}}"}"""))[..^5]);

        Assert.All([random, cut], reply => Assert.Equal((400, "malformed"), (reply.Status, reply.Code)));
        Assert.All([random, cut], reply => Assert.Contains($"not valid {coding}", reply.Text("detail"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_ZstdFrameThatAsksForALargeWindow_IsRefused()
    {
        using var compressor = new Compressor(1);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, 27);
        using var frame = new MemoryStream();
        await using (var stream = new CompressionStream(frame, compressor, leaveOpen: true))
        {
            await stream.WriteAsync(Json);
        }

        var reply = await PostAsync("zstd", frame.ToArray());

        Assert.Equal((400, "malformed"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Post_CompressedFeedback_IsRead()
    {
        var id = (await _host.Http.PostAsync("zero")).Id;
        using var content = new ByteArrayContent(Compress("gzip", [0xEF, 0xBB, 0xBF, .. """{"label": "1"}"""u8]));
        content.Headers.Add("Content-Encoding", "gzip");
        content.Headers.Add("Content-Type", "application/json");

        using var response = await _host.Http.PostAsync(new Uri($"v1/requests/{id}/feedback", UriKind.Relative), content);

        Assert.Equal(204, (int)response.StatusCode);
    }

    private Task<Reply> PostAsync(string coding, byte[] body) => _host.PostAsync($"Content-Encoding: {coding}\r\nContent-Type: application/json", body);

    private static byte[] Compress(string coding, byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" or "x-gzip" => new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
            "br" => new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            "zstd" => new CompressionStream(compressed, leaveOpen: true),
            _ => new BufferedStream(compressed),
        })
        {
            stream.Write(bytes);
            stream.Flush();
            return coding == "identity" ? bytes : Finish(stream, compressed);
        }
    }

    private static byte[] Finish(Stream stream, MemoryStream compressed)
    {
        stream.Dispose();
        return compressed.ToArray();
    }
}
