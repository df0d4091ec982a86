using System.Globalization;
using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace Multimodal.Bench.Fuzz.Requests;

/// <summary>Creates the bytes of HTTP requests.</summary>
internal static class HttpMessage
{
    /// <summary>A request that the client waits for, with a Content-Length.</summary>
    public static byte[] Post(string path, string contentType, byte[] body, string? encoding = null) => Join(
        string.Create(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: fuzz\r\nPrefer: wait=3\r\nContent-Type: {contentType}\r\n")
        + (encoding is null ? "" : $"Content-Encoding: {encoding}\r\n")
        + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n"),
        body);

    /// <summary>A request without a body.</summary>
    public static byte[] Bodiless(string method, string path) => Join($"{method} {path} HTTP/1.1\r\nHost: fuzz\r\n\r\n", []);

    /// <summary>Joins a header and a body.</summary>
    public static byte[] Join(string header, ReadOnlySpan<byte> body) => [.. Encoding.UTF8.GetBytes(header), .. body];

    /// <summary>
    /// Whether the bytes are one whole request, so that the connection can be used again. Of others the server cannot know where they end.
    /// </summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var lines = Encoding.Latin1.GetString(bytes[..end]).Split("\r\n");
        var lengths = lines.Skip(1).Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).ToArray();
        var isPlain = !lines.Any(line => line.StartsWith("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
            || line.StartsWith("Expect", StringComparison.OrdinalIgnoreCase) || line.StartsWith("Connection", StringComparison.OrdinalIgnoreCase));
        var body = bytes.Length - end - 4;
        return isPlain && lengths.Length <= 1 && lines[0].EndsWith("HTTP/1.1", StringComparison.Ordinal)
            && (lengths.Length == 0 ? body == 0 : int.TryParse(lengths[0][15..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length == body);
    }

    /// <summary>Compresses a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="encoding">gzip, br, zstd or deflate.</param>
    public static byte[] Compress(byte[] body, string encoding)
    {
        using var output = new MemoryStream();
        using (Stream compressed = encoding switch
        {
            "br" => new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true),
            "zstd" => new CompressionStream(output, leaveOpen: true),
            "gzip" => new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            compressed.Write(body);
        }

        return output.ToArray();
    }
}
