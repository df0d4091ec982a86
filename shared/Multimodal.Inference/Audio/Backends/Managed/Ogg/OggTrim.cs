namespace Multimodal.Inference.Audio.Backends.Managed.Ogg;

/// <summary>
/// Which of the decoded samples of an Ogg stream are the original's. Granule positions say it: on the first page that has one,
/// they may start above zero (a recording of a running stream) or below what its packets hold; on the last, they may end early.
/// </summary>
/// <param name="Skip">Samples to drop at the start, in units of the granule position.</param>
/// <param name="End">Samples to drop from on, counted before dropping.</param>
internal readonly record struct OggTrim(long Skip, long End)
{
    /// <summary>Computes the span.</summary>
    /// <param name="packets">The packets with sound, from the first on.</param>
    /// <param name="duration">Samples that a packet adds.</param>
    /// <param name="lastGranule">The stream's last granule position, or -1.</param>
    public static OggTrim Of(IEnumerable<OggPacket> packets, Func<ReadOnlyMemory<byte>, int> duration, long lastGranule)
    {
        var (total, start) = (0L, (long?)null);
        foreach (var packet in packets)
        {
            total += duration(packet.Data);
            // The last page may state less than it holds, and says nothing about the start.
            start ??= packet.Granule is { } granule ? packet.IsOnLastPage ? 0 : granule - total : null;
        }

        var begin = start ?? 0;
        return new OggTrim(Math.Max(0, -begin), lastGranule < 0 ? total : Math.Clamp(lastGranule - begin, 0, total));
    }
}
