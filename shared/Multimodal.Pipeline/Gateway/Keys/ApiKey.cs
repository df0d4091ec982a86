using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>Keys as clients hold them.</summary>
public static class ApiKey
{
    /// <summary>Bytes of randomness: too many to guess, so that a plain hash protects the key as well as a slow one.</summary>
    private const int Bytes = 32;

    /// <summary>Makes one up: <c>mm_</c>, by which scanners for leaked secrets know it, and the base64url of 32 random bytes.</summary>
    public static string New() => "mm_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether keys and tenants can be called so.</summary>
    public static bool IsName([NotNullWhen(true)] string? name) => ResourceName.IsValid(name);

    /// <summary>What the settings hold of a key: its SHA-256, in hexadecimal.</summary>
    public static string Sha256(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
