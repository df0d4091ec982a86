using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Chance that is the same in every process and at every repeat, because it is drawn from a request's id.</summary>
internal static class StableShare
{
    /// <summary>A number in (0, 1), even over ids and independent between names: the first 53 bits of SHA-256 over both, and a half.</summary>
    public static double Of(Guid id, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. id.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)], hash);
        return ((BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) + 0.5) / (1UL << 53);
    }

    /// <summary>
    /// Chooses one of several names in proportion to their shares: the least -ln(u_i) / share_i (weighted rendezvous hashing). An id leaves
    /// a name only for one whose share grew compared with it, so whoever was in a canary stays in when the canary grows.
    /// </summary>
    /// <param name="id">The request's id.</param>
    /// <param name="shares">Names with their shares, not negative; at least one above 0.</param>
    /// <returns>The position of the chosen one; never one with share 0.</returns>
    public static int Choose(Guid id, IReadOnlyList<(string Name, double Share)> shares)
    {
        var (best, least) = (-1, double.PositiveInfinity);
        foreach (var (index, (name, share)) in shares.Index())
        {
            var wait = share > 0 ? -Math.Log(Of(id, name)) / share : double.PositiveInfinity;
            if (wait < least)
            {
                (best, least) = (index, wait);
            }
        }

        return best >= 0 ? best : throw new ArgumentException("No share is above 0.", nameof(shares));
    }
}
