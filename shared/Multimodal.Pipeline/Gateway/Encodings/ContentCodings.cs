using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Multimodal.Pipeline.Gateway.Http;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>The codings that bodies may be compressed with (RFC 9110, section 8.4).</summary>
internal static class ContentCodings
{
    /// <summary>The value of Accept-Encoding in a refusal.</summary>
    public const string Supported = "gzip, br, zstd";

    /// <summary>The largest window of a frame: 8 MiB, as RFC 9659 requires for HTTP. A frame could otherwise ask for gigabytes.</summary>
    private const int MaxZstdWindowLog = 23;

    /// <summary>
    /// Makes the decoders of .NET refuse a body whose end is missing. They accept it otherwise, and the gateway would judge a part of a text as the
    /// whole. Call it before the first use of a decoder in the process.
    /// </summary>
    public static void RefuseIncompleteBodies() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>Finds the coding that a header names.</summary>
    /// <param name="header">The values of Content-Encoding.</param>
    /// <param name="coding">The coding in lower case; null if the body is not compressed.</param>
    /// <returns>False if the coding is not supported.</returns>
    public static bool TryFind(StringValues header, out string? coding)
    {
        string[] named =
        [
            .. header.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .Select(name => name.ToLowerInvariant()).Where(name => name != "identity"),
        ];
        coding = named.Length == 0 ? null : named[0] == "x-gzip" ? "gzip" : named[0];
        return named.Length == 0 || (named.Length == 1 && coding is "gzip" or "br" or "zstd");
    }

    /// <summary>Returns the decoded body.</summary>
    /// <param name="coding">A supported coding.</param>
    /// <param name="body">The compressed body.</param>
    /// <param name="limit">The maximum number of decoded bytes.</param>
    public static Stream Decode(string coding, Stream body, int limit) => new DecodedStream(coding, Open(coding, body), limit);

    /// <summary>Decodes bytes that are completely in memory.</summary>
    public static async Task<Outcome<byte[]>> DecodeAsync(string coding, byte[] bytes, int limit)
    {
        try
        {
            await using var decoded = Decode(coding, new MemoryStream(bytes), limit);
            return await BoundedBody.ReadAsync(decoded, limit, CancellationToken.None) is { } read ? read : Problems.DecodedTooLarge(limit);
        }
        catch (RefusedBodyException exception)
        {
            return exception.Problem;
        }
    }

    private static Stream Open(string coding, Stream body)
    {
        switch (coding)
        {
            case "gzip":
                return new GZipStream(body, CompressionMode.Decompress);
            case "br":
                return new BrotliStream(body, CompressionMode.Decompress);
            default:
                var frames = new DecompressionStream(body, leaveOpen: false);
                frames.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxZstdWindowLog);
                return frames;
        }
    }
}
