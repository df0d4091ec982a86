using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Multimodal.Pipeline.Tests.Blobs;

/// <summary>Verifies AWS Signature Version 4 in the Authorization header, as the S3 documentation describes it.</summary>
internal static partial class SignatureVersion4
{
    /// <returns>Null if the request is signed with the secret, else the error code.</returns>
    public static string? Check(HttpRequest request, byte[] body, string accessKey, string secret)
    {
        var match = Authorization().Match(request.Headers.Authorization.ToString());
        if (!match.Success || match.Groups["key"].Value != accessKey)
        {
            return "InvalidAccessKeyId";
        }

        // The whole payload must be signed, so that the server can verify it.
        var digest = Convert.ToHexStringLower(SHA256.HashData(body));
        if (request.Headers["x-amz-content-sha256"] != digest)
        {
            return "XAmzContentSHA256Mismatch";
        }

        var scope = match.Groups["scope"].Value;
        var text = string.Join('\n', "AWS4-HMAC-SHA256", request.Headers["x-amz-date"], scope, Hex(Canonical(request, match.Groups["headers"].Value, digest)));
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (current, part) => HMACSHA256.HashData(current, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))) == match.Groups["signature"].Value ? null : "SignatureDoesNotMatch";
    }

    private static string Canonical(HttpRequest request, string signed, string digest)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var query = (target.Length == 1 ? [] : target[1].Split('&')).Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=").Order(StringComparer.Ordinal);
        var headers = signed.Split(';').Select(name => $"{name}:{Spaces().Replace(request.Headers[name].ToString().Trim(), " ")}\n");
        return string.Join('\n', request.Method, target[0], string.Join('&', query), string.Concat(headers), signed, digest);
    }

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(@"^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<scope>\d{8}/[^/]+/s3/aws4_request), SignedHeaders=(?<headers>[^,]+), Signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Authorization();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
