using System.Text;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;
using static Multimodal.Pipeline.Tests.Flow.RawCall;

namespace Multimodal.Pipeline.Tests.Gateway.Requests;

/// <summary>Forms as browsers and libraries send them.</summary>
public sealed class FormTests : IAsyncLifetime, IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly ScriptedExpert _text = ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1);
    private readonly ScriptedExpert _image = ScriptedExpert.Answers("i", Modality.Image, 0.8, 0.1, 0.1);
    private PipelineHost _host = null!;

    private static string Png => Encoding.Latin1.GetString(SampleMedia.Png(8));

    public async ValueTask InitializeAsync() =>
        _host = await PipelineHost.StartAsync(_folder.Path, [_text, _image], ("Multimodal:Inference:Media:TextBytes", "1000"));

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Post_FormOfAPage_EmptyFieldsAndControlsCountAsAbsent()
    {
        var reply = await _host.PostFormAsync(
            Part("csrf_token", "abc"),
            Part("text", "zero"),
            Part("image", "", "; filename=\"\"\r\nContent-Type: application/octet-stream"),
            Part("audio", "", "; filename=\"\""),
            Part("image", ""),
            Part("options", "\r\n"),
            Part("caption", ""),
            Part("submit", "Send"));

        Assert.Equal((200, "completed"), (reply.Status, reply.Text("status")));
        Assert.Equal("zero", TextRead());
    }

    [Theory]
    [InlineData("csrf_token", "*/*", null)]
    [InlineData("csrfmiddlewaretoken", "*/*", null)]
    [InlineData("authenticity_token", "*/*", null)]
    [InlineData("__RequestVerificationToken", "*/*", null)]
    [InlineData("g-recaptcha-response-captcha", "*/*", null)]
    [InlineData("submit", "*/*", null)]
    [InlineData("button.x", "*/*", null)]
    [InlineData("_method", "*/*", null)]
    [InlineData("caption", "text/html,application/xhtml+xml,*/*;q=0.8", null)]
    [InlineData("caption", "*/*", "unknown field 'caption'")]
    [InlineData("Text", "*/*", "Did you mean 'text'?")]
    [InlineData("txt", "text/html", "Did you mean 'text'?")]
    [InlineData("imgae", "text/html", "Did you mean 'image'?")]
    [InlineData("deadlineMs", "text/html", "'deadlineMs' is an option")]
    public async Task Post_UnknownTextField_IsIgnoredOnlyIfItCanBeNoMistake(string name, string accept, string? expected)
    {
        var reply = await _host.PostFormAsync($"Accept: {accept}", [Part("text", "zero"), Part(name, "x")]);

        Assert.Equal(expected is null ? 200 : 400, reply.Status);
        Assert.Contains(expected ?? "", expected is null ? "" : reply.Text("detail")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_UnknownFile_IsRefusedEvenFromAPage()
    {
        var reply = await _host.PostFormAsync("Accept: text/html", [Part("text", "zero"), Part("scan", "x", "; filename=\"x.png\"")]);

        Assert.Equal((400, "unknown-part"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Post_FileWithANameAndNoBytes_IsRefused()
    {
        var reply = await _host.PostFormAsync(Part("text", "zero"), Part("image", "", "; filename=\"photo.jpg\""));

        Assert.Equal((400, "empty"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Post_OnlyIgnoredFields_SaysSo()
    {
        var reply = await _host.PostFormAsync(Part("submit", "Send"), Part("text", ""));

        Assert.Equal((400, "empty-request"), (reply.Status, reply.Code));
        Assert.Contains("'submit'", reply.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("form-data; name=\"image\"; filename=\"my \"best\" cat.png\"")]
    [InlineData("form-data; name=\"image\"; filename=\"a\";b.png\"")]
    [InlineData("form-data; filename*=UTF-8''caf%C3%A9.png; name=\"image\"")]
    [InlineData("form-data; filename=\"C:\\pictures\\\"; name=\"image\"")]
    [InlineData("form-data; filename=\"a \\\"b\\\".png\"; name=\"image\"")]
    [InlineData("form-data; name=image; filename=cat.png")]
    [InlineData("form-data;name=\"image\";filename=\"caf\u00e9.png\"")]
    [InlineData("FORM-DATA; NAME=\"image\"")]
    public async Task Post_DispositionAsItOccurs_IsRead(string disposition)
    {
        var reply = await _host.PostFormAsync($"Content-Disposition: {disposition}\r\n\r\n{Png}");

        Assert.Equal(200, reply.Status);
        Assert.Equal(SampleMedia.Png(8), Assert.Single(_image.Media));
    }

    [Theory]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789", false)]
    [InlineData("----=_Part_1/2:3==", false)]
    [InlineData("----=_Part_1/2:3==", true)]
    [InlineData("b b", true)]
    public async Task Post_BoundaryAsItOccurs_IsRead(string boundary, bool isQuoted)
    {
        var value = isQuoted ? $"\"{boundary}\"" : boundary;

        var reply = await _host.PostAsync($"Content-Type: multipart/form-data; boundary={value}", Form(boundary, Part("text", "zero")));

        Assert.Equal(200, reply.Status);
        Assert.Equal("zero", TextRead());
    }

    [Fact]
    public async Task Post_TwentyHeadersInAPart_IsRead()
    {
        var headers = string.Concat(Enumerable.Range(0, 20).Select(number => $"X-Header-{number}: value\r\n"));

        var reply = await _host.PostFormAsync(headers + Part("text", "zero"));

        Assert.Equal(200, reply.Status);
    }

    [Theory]
    [InlineData("iso-8859-1", "caf\u00e9")]
    [InlineData("latin1", "caf\u00e9")]
    [InlineData("windows-1252", "10 \u20ac")]
    [InlineData("utf-16", "zero \u00e9")]
    [InlineData("utf-16be", "zero \u00e9")]
    [InlineData("UTF-8", "caf\u00e9")]
    [InlineData("us-ascii", "caf\u00e9 in UTF-8")]
    [InlineData("shift_jis", "\u30bc\u30ed")]
    public async Task Post_CharsetOfAPart_IsHonoured(string charset, string text)
    {
        var encoding = charset is "us-ascii" ? Encoding.UTF8
            : charset is "latin1" ? Encoding.Latin1
            : CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        var content = Encoding.Latin1.GetString(encoding.GetBytes(text));

        var declared = await _host.PostFormAsync(Part("text", content, $"\r\nContent-Type: text/plain; charset={charset}"));

        Assert.Equal(200, declared.Status);
        Assert.Equal(text, TextRead());
    }

    [Fact]
    public async Task Post_CharsetFieldOfABrowser_AppliesToTextBeforeAndAfterIt()
    {
        var reply = await _host.PostFormAsync(Part("text", "caf\u00e9"), Part("_charset_", "windows-1252"));

        Assert.Equal(200, reply.Status);
        Assert.Equal("caf\u00e9", TextRead());
    }

    [Theory]
    [InlineData("klingon", "zero", 415, "unsupported-charset")]
    [InlineData("utf-7", "zero", 415, "unsupported-charset")]
    [InlineData("utf-16", "zer", 422, "undecodable")]
    public async Task Post_CharsetThatCannotBeRead_IsRefusedByName(string charset, string content, int status, string code)
    {
        var reply = await _host.PostFormAsync(Part("text", content, $"\r\nContent-Type: text/plain; charset={charset}"));

        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Contains(charset, reply.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_LimitOfAText_CountsTheDecodedBytes()
    {
        var utf16 = Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(new string('a', 1000)));
        var quoted = string.Concat(Enumerable.Repeat("=61", 1000));

        var fits = await _host.PostFormAsync(Part("text", utf16, "\r\nContent-Type: text/plain; charset=utf-16"));
        var quotedFits = await _host.PostFormAsync(Part("text", quoted, "\r\nContent-Transfer-Encoding: quoted-printable"));
        var large = await _host.PostFormAsync(Part("text", utf16 + "a\0", "\r\nContent-Type: text/plain; charset=utf-16"));

        Assert.Equal((200, 200), (fits.Status, quotedFits.Status));
        Assert.Equal((413, "too-large"), (large.Status, large.Code));
    }

    [Theory]
    [InlineData("base64", "emVy\r\nbw==", "zero")]
    [InlineData("BASE64", "emVybw", "zero")]
    [InlineData("quoted-printable", "caf=C3=A9 =\r\nzero", "caf\u00e9 zero")]
    [InlineData("8bit", "zero", "zero")]
    [InlineData("binary", "zero", "zero")]
    public async Task Post_TransferEncodingOfAPart_IsHonoured(string encoding, string content, string expected)
    {
        var reply = await _host.PostFormAsync(Part("text", content, $"\r\nContent-Transfer-Encoding: {encoding}"));

        Assert.Equal(200, reply.Status);
        Assert.Equal(expected, TextRead());
    }

    [Theory]
    [InlineData("x-uuencode", "zero", 415, "unsupported-encoding")]
    [InlineData("base64", "not base64!", 400, "malformed")]
    [InlineData("quoted-printable", "50 =% off", 400, "malformed")]
    public async Task Post_TransferEncodingThatCannotBeRead_IsRefusedByName(string encoding, string content, int status, string code)
    {
        var reply = await _host.PostFormAsync(Part("text", content, $"\r\nContent-Transfer-Encoding: {encoding}"));

        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Contains(encoding, reply.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_DataUrlOfACanvas_IsTheImage()
    {
        var reply = await _host.PostFormAsync(Part("image", $"data:image/png;base64,{Convert.ToBase64String(SampleMedia.Png(8))}"));

        Assert.Equal(200, reply.Status);
        Assert.Equal(SampleMedia.Png(8), Assert.Single(_image.Media));
    }

    [Fact]
    public async Task Post_OptionsWithAByteOrderMark_AreRead()
    {
        var reply = await _host.PostFormAsync(Part("text", "zero"), Part("options", "\u00ef\u00bb\u00bf{\"k\": 0}"));

        Assert.Equal((400, "invalid-options"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Post_OptionsThatAreNotJson_NamesTheField()
    {
        var reply = await _host.PostFormAsync(Part("text", "zero"), Part("options", "{k: 1}"));

        Assert.Equal((400, "malformed"), (reply.Status, reply.Code));
        Assert.Contains("field 'options'", reply.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text=caf%C3%A9+zero&submit=Send&image=&csrf=1", "caf\u00e9 zero")]
    [InlineData("_charset_=windows-1252&text=caf%E9", "caf\u00e9")]
    [InlineData("text=zero&options=%7B%22deadlineMs%22%3A5000%7D", "zero")]
    public async Task Post_UrlEncodedForm_IsRead(string form, string expected)
    {
        var reply = await _host.PostAsync("Content-Type: application/x-www-form-urlencoded", Encoding.ASCII.GetBytes(form));

        Assert.Equal(200, reply.Status);
        Assert.Equal(expected, TextRead());
    }

    [Fact]
    public async Task Post_UrlEncodedFormWithAFileName_NamesTheAttributeOfTheForm()
    {
        var reply = await _host.PostAsync("Content-Type: application/x-www-form-urlencoded", "image=cat.png&submit=Send"u8.ToArray());

        Assert.Equal((400, "malformed"), (reply.Status, reply.Code));
        Assert.Contains("enctype=\"multipart/form-data\"", reply.Text("detail"), StringComparison.Ordinal);
    }

    private string TextRead() => Encoding.UTF8.GetString(Assert.Single(_text.Media));
}
