namespace Multimodal.Inference.Audio.Containers.Ogg;

/// <summary>
/// The range of decoded samples that belongs to the original recording, computed from granule positions. The first position can be above
/// zero (a recording of a running stream) or below the length of its packets. The last position can be before the end of its packets.
/// </summary>
/// <param name="Skip">Number of samples to drop at the start, in units of the granule position.</param>
/// <param name="End">Index of the first sample to drop at the end, counted from the first decoded sample.</param>
internal readonly record struct OggTrim(long Skip, long End)
{
    /// <summary>Computes the range.</summary>
    /// <param name="packets">The audio packets, from the first.</param>
    /// <param name="duration">Returns the number of samples that a packet adds.</param>
    /// <param name="lastGranule">The last granule position of the stream, or -1.</param>
    public static OggTrim Of(IEnumerable<OggPacket> packets, Func<ReadOnlyMemory<byte>, int> duration, long lastGranule)
    {
        var (total, start) = (0L, (long?)null);
        foreach (var packet in packets)
        {
            total += duration(packet.Data);
            // The last page can state fewer samples than it contains, so its position does not determine the start.
            start ??= packet.Granule is { } granule ? packet.IsOnLastPage ? 0 : granule - total : null;
        }

        var begin = start ?? 0;
        return new OggTrim(Math.Max(0, -begin), lastGranule < 0 ? total : Math.Clamp(lastGranule - begin, 0, total));
    }
}
