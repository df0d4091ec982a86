using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>Creates and hashes API keys.</summary>
public static class ApiKey
{
    /// <summary>Random bytes per key. 256 bits cannot be guessed, so a fast hash protects the key as well as a slow one.</summary>
    private const int Bytes = 32;

    /// <summary>Creates a key: <c>mm_</c>, which scanners for leaked secrets recognize, and the base64url of 32 random bytes.</summary>
    public static string New() => "mm_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether a name is valid for keys and tenants.</summary>
    public static bool IsName([NotNullWhen(true)] string? name) => ResourceName.IsValid(name);

    /// <summary>The hash of a key as the configuration stores it: SHA-256 in hexadecimal.</summary>
    public static string Sha256(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
