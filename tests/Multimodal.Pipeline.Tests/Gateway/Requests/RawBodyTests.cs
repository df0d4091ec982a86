using System.Text;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Gateway.Requests;

/// <summary>Files, texts and JSON as the body itself, with and without their Content-Type.</summary>
public sealed class RawBodyTests : IAsyncLifetime, IDisposable
{
    private static readonly byte[] Png = SampleMedia.Png(8);
    private readonly ScratchFolder _folder = new();
    private readonly ScriptedExpert _text = ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1);
    private readonly ScriptedExpert _image = ScriptedExpert.Answers("i", Modality.Image, 0.8, 0.1, 0.1);
    private readonly ScriptedExpert _sound = ScriptedExpert.Answers("s", Modality.Audio, 0.8, 0.1, 0.1);
    private PipelineHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PipelineHost.StartAsync(_folder.Path, [_text, _image, _sound]);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Content-Type: image/png")]
    [InlineData("Content-Type: image/jpeg")]
    [InlineData("Content-Type: application/octet-stream")]
    [InlineData("Content-Type: application/x-www-form-urlencoded")]
    [InlineData("Accept: */*")]
    public async Task Post_Image_IsRecognizedByItsBytes(string header)
    {
        var reply = await _host.PostAsync(header, Png);

        Assert.Equal(200, reply.Status);
        Assert.Equal(Png, Assert.Single(_image.Media));
    }

    [Theory]
    [InlineData("audio/wav")]
    [InlineData("audio/x-wav")]
    [InlineData("video/webm")]
    [InlineData("application/octet-stream")]
    public async Task Post_Sound_IsRecognizedByItsBytes(string type)
    {
        var wav = SampleMedia.Wav(4000);

        var reply = await _host.PostAsync($"Content-Type: {type}", wav);

        Assert.Equal(200, reply.Status);
        Assert.Equal(wav, Assert.Single(_sound.Media));
    }

    [Theory]
    [InlineData("text/plain", "utf-8")]
    [InlineData("text/plain; charset=utf-16", "utf-16")]
    [InlineData("text/plain; charset=\"iso-8859-1\"", "iso-8859-1")]
    public async Task Post_Text_IsReadInItsCharset(string type, string charset)
    {
        var reply = await _host.PostAsync($"Content-Type: {type}", Encoding.GetEncoding(charset).GetBytes("caf\u00e9"));

        Assert.Equal(200, reply.Status);
        Assert.Equal("caf\u00e9", Encoding.UTF8.GetString(Assert.Single(_text.Media)));
    }

    [Theory]
    [InlineData("?k=0", "options.k", "must be an integer from 1")]
    [InlineData("?k=many", "options.k", "must be an integer from 1")]
    [InlineData("?deadlinems=500", "options.deadlinems", "is not an option")]
    [InlineData("?experts=t,z", "options.experts[1]", "")]
    [InlineData("?ensemble=letters", "options.ensemble", "")]
    public async Task Post_OptionsInTheQuery_AreChecked(string query, string path, string error)
    {
        var reply = await _host.PostAsync("Content-Type: image/png", Png, query);

        Assert.Equal((400, "invalid-options"), (reply.Status, reply.Code));
        Assert.Contains(error, reply.Json.GetProperty("errors").GetProperty(path).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_OptionsInTheQuery_Apply()
    {
        var reply = await _host.PostAsync("Content-Type: image/png", Png, "?k=1&experts=i&deadlineMs=5000&priority=low");

        Assert.Equal(200, reply.Status);
        Assert.Equal(1, _image.Asked);
    }

    [Fact]
    public async Task Post_OptionInBodyAndQuery_IsRefused()
    {
        var json = """{"text": "zero", "options": {"k": 1}}"""u8.ToArray();

        var twice = await _host.PostAsync("Content-Type: application/json", json, "?k=2");
        var once = await _host.PostAsync("Content-Type: application/json", json, "?deadlineMs=5000&utm_source=mail");

        Assert.Equal((400, "invalid-options"), (twice.Status, twice.Code));
        Assert.Equal(200, once.Status);
    }

    public static TheoryData<string, byte[]> JsonInputs() => new()
    {
        { "application/json", [0xEF, 0xBB, 0xBF, .. """{"text": "zero"}"""u8] },
        { "application/json", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("""{"text": "zero"}""")] },
        { "application/json; charset=utf-16", Encoding.Unicode.GetBytes("""{"text": "zero"}""") },
        { "application/json", Encoding.BigEndianUnicode.GetBytes("""{"text": "zero"}""") },
        { "application/json; charset=iso-8859-1", Encoding.Latin1.GetBytes("""{"text": "zero"}""") },
        { "application/vnd.api+json", """{"text": "zero", "image": "", "audio": null, "options": ""}"""u8.ToArray() },
        { "text/json", """{"text": "zero"}"""u8.ToArray() },
        { "application/x-www-form-urlencoded", """{"text": "zero"}"""u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(JsonInputs))]
    public async Task Post_JsonAsItOccurs_IsRead(string type, byte[] body)
    {
        var reply = await _host.PostAsync($"Content-Type: {type}", body);

        Assert.Equal(200, reply.Status);
        Assert.Equal("zero", Encoding.UTF8.GetString(Assert.Single(_text.Media)));
    }

    public static TheoryData<string> Base64Forms()
    {
        var base64 = Convert.ToBase64String(Png);
        var url = base64.Replace('+', '-').Replace('/', '_');
        return
        [
            base64.TrimEnd('='),
            url,
            url.TrimEnd('='),
            string.Join("\\r\\n", base64.Chunk(76).Select(line => new string(line))),
            base64.Replace("/", "\\/", StringComparison.Ordinal),
            $"data:image/png;base64,{base64}",
            $"data:image/png;name=a.png;base64,{base64.TrimEnd('=')}",
            $"DATA:;base64,{base64.Replace("+", "%2B", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal)}",
            $"data:image/png,{string.Concat(Png.Select(value => $"%{value:X2}"))}",
        ];
    }

    [Theory]
    [MemberData(nameof(Base64Forms))]
    public async Task Post_FileInJsonAsItOccurs_IsRead(string image)
    {
        var reply = await _host.PostAsync("Content-Type: application/json", Encoding.UTF8.GetBytes($$"""{"image": "{{image}}"}"""));

        Assert.Equal(200, reply.Status);
        Assert.Equal(Png, Assert.Single(_image.Media));
    }

    [Theory]
    [InlineData("Content-Type: application/xml", "<a/>", "'application/xml' is not supported")]
    [InlineData("Content-Type: multipart/mixed; boundary=b", "x", "'multipart/mixed; boundary=b' is not supported")]
    [InlineData("Content-Type: multipart/form-data", "x", "has no boundary")]
    [InlineData("Content-Type: application/octet-stream", "hello", "'application/octet-stream' does not say what the body is")]
    [InlineData("Accept: */*", "hello", "is missing")]
    [InlineData("Content-Type: application/x-www-form-urlencoded", "hello world", "-H 'Content-Type: text/plain'")]
    public async Task Post_TypeThatCannotBeRead_SaysWhatWasSentAndWhatToSend(string header, string body, string expected)
    {
        var reply = await _host.PostAsync(header, Encoding.ASCII.GetBytes(body));

        Assert.Equal((415, "unsupported-content-type"), (reply.Status, reply.Code));
        Assert.Contains(expected, reply.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ImageSentAsText_SaysThatItIsBinary()
    {
        var reply = await _host.PostAsync("Content-Type: text/plain", Png);

        Assert.Equal((415, "unsupported-type"), (reply.Status, reply.Code));
    }
}
