using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>
/// Signs posts as in Standard Webhooks (standardwebhooks.com, version 1.0.0): symmetric, HMAC-SHA256 over <c>id.timestamp.body</c>.
/// </summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";
    private const int MinBytes = 24;
    private const int MaxBytes = 64;

    /// <summary>Reads a secret: <c>whsec_</c> and the base64 of 24 to 64 random bytes.</summary>
    public static bool TryReadKey(string? secret, out byte[] key)
    {
        key = [];
        if (secret is null || !secret.StartsWith(Prefix, StringComparison.Ordinal) || secret.Length > 200)
        {
            return false;
        }

        var buffer = new byte[secret.Length];
        if (!Convert.TryFromBase64String(secret[Prefix.Length..], buffer, out var length) || length is < MinBytes or > MaxBytes)
        {
            return false;
        }

        key = buffer[..length];
        return true;
    }

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    /// <param name="key">The key inside the secret.</param>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="timestamp">The value of <c>webhook-timestamp</c>, seconds since 1970.</param>
    /// <param name="body">The body.</param>
    public static string Sign(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. head, .. body]));
    }
}
