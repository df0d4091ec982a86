using System.Buffers;

namespace Multimodal.Inference.Audio.Containers.Ogg;

/// <summary>
/// Reads the packets of the first stream in an Ogg file. It skips pages of other streams, damaged pages, and packets that lose a part
/// with them. The stream ends at its last page, at the start of the next stream (chained file), or at the end of the file.
/// </summary>
/// <remarks>
/// The reader of NVorbis is not used, because it seeks by granule positions, which a broken file can falsify. It also does not expose the
/// page on which a packet ends, which Opus needs.
/// </remarks>
internal sealed class OggPacketReader
{
    // Checksums dominate the cost of finding pages. The limit prevents quadratic time on a file full of false page starts.
    public const int MaxChecksumPasses = 4;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly List<OggPage> _pages;

    private OggPacketReader(ReadOnlyMemory<byte> file, List<OggPage> pages)
    {
        (_file, _pages) = (file, pages);
        LastGranule = pages.Where(page => page.Granule >= 0).Select(page => page.Granule).DefaultIfEmpty(-1).Last();
    }

    /// <summary>The last granule position of the stream; -1 if no page states one.</summary>
    public long LastGranule { get; }

    /// <summary>Finds the pages of the first stream.</summary>
    /// <returns>Null if the file does not start with the first page of a stream.</returns>
    public static OggPacketReader? Open(ReadOnlyMemory<byte> file)
    {
        var (pages, offset, budget) = (new List<OggPage>(), 0, (long)MaxChecksumPasses * file.Length);
        while (TryFindPage(file.Span, ref offset, ref budget, out var page))
        {
            var isOfStream = pages.Count == 0 ? page.IsFirst : page.Serial == pages[0].Serial;
            if (pages.Count > 0 && isOfStream && page.IsFirst)
            {
                break;
            }

            if (isOfStream)
            {
                pages.Add(page);
            }

            if (pages.Count == 0 || (isOfStream && page.IsLast))
            {
                break;
            }
        }

        return pages.Count > 0 ? new OggPacketReader(file, pages) : null;
    }

    /// <summary>Reads the packets from the start.</summary>
    public IEnumerable<OggPacket> Read()
    {
        var (partial, hasPartial, nextNumber) = (new ArrayBufferWriter<byte>(), false, _pages[0].Number);
        foreach (var page in _pages)
        {
            if (!page.IsContinued || page.Number != nextNumber)
            {
                hasPartial = false;
            }

            nextNumber = page.Number + 1;
            // The rest of a packet whose start is lost is skipped too.
            var isLost = page.IsContinued && !hasPartial;
            var segments = _file.Slice(page.Offset + OggPage.HeaderLength, page.Segments);
            var lastEnd = segments.Span.LastIndexOfAnyExcept((byte)255);
            var end = page.Offset + OggPage.HeaderLength + page.Segments;
            var start = end;
            for (var i = 0; i < segments.Length; i++)
            {
                var length = segments.Span[i];
                end += length;
                if (length == 255)
                {
                    continue;
                }

                var packet = _file[start..end];
                if (hasPartial)
                {
                    partial.Write(packet.Span);
                    packet = partial.WrittenSpan.ToArray();
                }

                if (!isLost)
                {
                    yield return new OggPacket(packet, i == lastEnd && page.Granule >= 0 ? page.Granule : null, page.IsLast);
                }

                (hasPartial, isLost, start) = (false, false, end);
            }

            if (lastEnd < segments.Length - 1 && !isLost)
            {
                if (!hasPartial)
                {
                    partial.ResetWrittenCount();
                }

                partial.Write(_file.Span[start..end]);
                hasPartial = true;
            }
        }
    }

    /// <summary>Finds the next intact page at or after <paramref name="offset"/>, and moves <paramref name="offset"/> after it.</summary>
    public static bool TryFindPage(ReadOnlySpan<byte> file, ref int offset, ref long budget, out OggPage page)
    {
        for (int found; (found = file[offset..].IndexOf("OggS"u8)) >= 0; offset++)
        {
            offset += found;
            if (OggPage.TryRead(file, offset, out page) && (budget -= page.Length) >= 0 && page.IsIntact(file))
            {
                offset += page.Length;
                return true;
            }
        }

        page = default;
        return false;
    }
}
