using System.Text;
using Multimodal.Bench.Fuzz.Mutation;

namespace Multimodal.Bench.Fuzz.Requests;

/// <summary>Creates requests whose request line, headers or framing is wrong.</summary>
/// <param name="mutator">Mutates the bytes.</param>
internal sealed class RawHttp(FileMutator mutator)
{
    private static readonly string[] Lines =
    [
        "POST /v1/requests HTTP/1.1", "POST /v1/requests HTTP/1.0", "POST  /v1/requests HTTP/1.1", "POST /v1/requests", "POST /v1/requests HTTP/9.9", "PUT /v1/requests HTTP/1.1",
        "POST http://other/v1/requests HTTP/1.1", "POST * HTTP/1.1", "OPTIONS * HTTP/1.1", "CONNECT fuzz:80 HTTP/1.1", "POST /v1/requests?%00 HTTP/1.1", "POST /v1/%2e%2e/requests HTTP/1.1",
        "POST /v1/requests#x HTTP/1.1", "TRACE /v1/requests HTTP/1.1", "post /v1/requests HTTP/1.1", "POST /v1/requests/ HTTP/1.1", "PRI * HTTP/2.0", "\0POST /v1/requests HTTP/1.1",
    ];

    private static readonly string[] Headers =
    [
        "Host: fuzz", "Host: fuzz", "Host: ", "Host: a\r\nHost: b", "Host: [::1", "Content-Type: application/json", "Content-Type: ", "Content-Type: multipart/form-data; boundary=",
        "Content-Type: application/json; charset=utf-16", "Content-Type: image/png", "Content-Length: 16", "Content-Length: 0", "Content-Length: -1", "Content-Length: 99999999999999999999",
        "Content-Length: 16\r\nContent-Length: 17", "Content-Length: 16, 16", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity",
        "Transfer-Encoding: chunked\r\nContent-Length: 3", "Expect: 100-continue", "Expect: nonsense", "Connection: close", "Connection: upgrade\r\nUpgrade: websocket", "Prefer: wait=-1",
        "Prefer: wait=99999999999", "Prefer: wait", "Prefer: wait=4, wait=5", "Idempotency-Key: ", "Idempotency-Key: \u00e9", "Idempotency-Key: a b", "Authorization: Bearer", "Authorization: \u0001",
        "X-Api-Key: x", "Content-Encoding: gzip", "Content-Encoding: gzip, gzip, gzip, br", "Content-Encoding: zstd", "Accept: nonsense;;q=2", "traceparent: 00-0-0-0", "X: \0", "No colon", ": value", " folded",
        "Last-Event-ID: x", "Range: bytes=0-1", "Origin: null", "Cookie: =;=;", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
    ];

    private static readonly string[] Bodies =
    [
        "{\"text\":\"seven\"}", "10\r\n{\"text\":\"seven\"}\r\n0\r\n\r\n", "10;ext=\"x\"\r\n{\"text\":\"seven\"}\r\n0\r\nTrailer: x\r\n\r\n", "FFFFFFFFFFFFFFFF\r\n", "-1\r\n", "10\r\n{}\r\n0\r\n\r\n", "0\r\n\r\n", "",
        "g\r\n", "10\n{\"text\":\"seven\"}\n0\n\n",
    ];

    /// <summary>Creates a request.</summary>
    public byte[] Create(Random random)
    {
        var text = new StringBuilder(Lines[random.Next(3) == 0 ? random.Next(Lines.Length) : 0]).Append("\r\n");
        if (random.Next(4) > 0)
        {
            text.Append("Host: fuzz\r\nContent-Type: application/json\r\n");
        }

        for (var left = random.Next(25) == 0 ? random.Next(300) : random.Next(5); left > 0; left--)
        {
            text.Append(Headers[random.Next(Headers.Length)]).Append(random.Next(30) == 0 ? "\n" : "\r\n");
        }

        if (random.Next(25) == 0)
        {
            text.Append("X-Long: ").Append('l', random.Next(60_000)).Append("\r\n");
        }

        var bytes = HttpMessage.Join(text.Append("\r\n").ToString(), Encoding.UTF8.GetBytes(Bodies[random.Next(Bodies.Length)]));
        return random.Next(3) == 0 ? mutator.MutateBytes(bytes, random) : bytes;
    }
}
