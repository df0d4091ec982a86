using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Multimodal.Pipeline.Gateway.Keys;

/// <summary>The keys that open this gateway, by what they hash to.</summary>
internal sealed class KeyRing
{
    private readonly ILookup<long, (byte[] Digest, Caller Caller)> _keys;

    public KeyRing(IEnumerable<KeyOptions> keys, TimeProvider time) => _keys = keys
        .Select(key => (Digest: Convert.FromHexString(key.Sha256), Caller: CallerOf(key, time)))
        .ToLookup(key => Prefix(key.Digest));

    /// <summary>Whether nobody needs a key.</summary>
    public bool IsEmpty => _keys.Count == 0;

    /// <summary>Whose key this is; null when it is none.</summary>
    public Caller? Find(string key)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), digest);

        // How long the look takes depends on digests only, and whoever could choose those needs no key.
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
        key.RequestsPerSecond is { } perSecond ? new RequestRate(perSecond, key.Burst ?? Math.Max(1, (int)Math.Ceiling(perSecond)), time) : null);
}
