using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>The configured keys by hash.</summary>
internal sealed class KeyRing
{
    private readonly ILookup<long, (byte[] Digest, Caller Caller)> _keys;

    public KeyRing(IEnumerable<KeyOptions> keys, TimeProvider time) => _keys = keys
        .Select(key => (Digest: Convert.FromHexString(key.Sha256), Caller: CallerOf(key, time)))
        .ToLookup(key => Prefix(key.Digest));

    /// <summary>Whether no key is configured, so that calls need none.</summary>
    public bool IsEmpty => _keys.Count == 0;

    /// <summary>Finds the caller of a key; null for an unknown key.</summary>
    public Caller? Find(string key)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), digest);

        // The time of the lookup depends only on digests, and an attacker cannot choose the digest of an unknown key.
        foreach (var (known, caller) in _keys[Prefix(digest)])
        {
            if (CryptographicOperations.FixedTimeEquals(known, digest))
            {
                return caller;
            }
        }

        return null;
    }

    private static long Prefix(ReadOnlySpan<byte> digest) => BinaryPrimitives.ReadInt64LittleEndian(digest);

    private static Caller CallerOf(KeyOptions key, TimeProvider time) => new(
        key.Tenant,
        key.RequestsPerSecond is { } perSecond ? new RequestRate(perSecond, key.Burst ?? Math.Max(1, (int)Math.Ceiling(perSecond)), time) : null)
    {
        Key = key.Sha256.ToLowerInvariant(),
    };
}
