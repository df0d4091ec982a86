using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>Pseudo-random numbers derived from a request's id, so that all processes and retries get the same number.</summary>
internal static class StableShare
{
    /// <summary>
    /// Returns a number in (0, 1) from the first 53 bits of SHA-256 over the id and the name. It is uniform over ids and independent
    /// between names.
    /// </summary>
    public static double Draw(Guid id, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. id.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)], hash);
        return ((BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) + 0.5) / (1UL << 53);
    }

    /// <summary>
    /// Chooses one of several names in proportion to their shares: the smallest -ln(u_i) / share_i (weighted rendezvous hashing). An id
    /// moves only to a name whose relative share has grown, so the requests of a canary stay with it when its share grows.
    /// </summary>
    /// <param name="id">The request's id.</param>
    /// <param name="shares">Names with their shares, which must not be negative; at least one must be above 0.</param>
    /// <returns>The index of the chosen name. A name with share 0 is never chosen.</returns>
    public static int Choose(Guid id, IReadOnlyList<(string Name, double Share)> shares)
    {
        var (best, lowest) = (-1, double.PositiveInfinity);
        foreach (var (index, (name, share)) in shares.Index())
        {
            var score = share > 0 ? -Math.Log(Draw(id, name)) / share : double.PositiveInfinity;
            if (score < lowest)
            {
                (best, lowest) = (index, score);
            }
        }

        return best >= 0 ? best : throw new ArgumentException("No share is above 0.", nameof(shares));
    }
}
