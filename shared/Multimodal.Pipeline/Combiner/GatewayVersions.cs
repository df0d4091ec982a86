using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Contracts.Versions;

namespace Multimodal.Pipeline.Combiner;

/// <summary>
/// The oldest message version among the gateways, from the requests that this combiner received. All gateways compete for the answers, so an answer
/// must be readable for the oldest of them and not only for the gateway that asked. Thread-safe.
/// </summary>
internal sealed class GatewayVersions(TimeProvider time)
{
    /// <summary>After this time without a request from a version, no gateway of that version is expected.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, long> _older = [];

    /// <summary>Notes the version of the gateway that sent a request.</summary>
    public void Record(Fuse fuse)
    {
        if (fuse.MessageVersion < MessageVersions.Current)
        {
            lock (_lock)
            {
                _older[fuse.MessageVersion] = time.GetTimestamp();
            }
        }
    }

    /// <summary>Replaces the status of an answer if a gateway may be too old to read it.</summary>
    public FusedAnswer Readable(FusedAnswer answer) => answer with { Status = MessageEnum.For(answer.Status, Oldest()) };

    private int Oldest()
    {
        lock (_lock)
        {
            foreach (var (version, seen) in _older)
            {
                if (time.GetElapsedTime(seen) < Memory)
                {
                    return version;
                }
            }
        }

        return MessageVersions.Current;
    }
}
