using System.Buffers;

namespace Multimodal.Inference.Audio.Backends.Managed.Ogg;

/// <summary>
/// The packets of the first stream in an Ogg file, in order. Pages of other streams, damaged ones and the packets that lose a part
/// with them are skipped. The stream ends where it says so, where another begins after it (a chained file), or with the file.
/// </summary>
/// <remarks>
/// NVorbis' own reader is not used: it seeks by granule positions, which a file can make lead nowhere, and hides the page on which
/// a packet ends, which Opus needs.
/// </remarks>
internal sealed class OggPacketReader
{
    // Comparing checksums is what a search for pages costs. A file full of false page starts must not cost its length squared.
    private const int MostChecksumPasses = 4;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly List<OggPage> _pages;

    private OggPacketReader(ReadOnlyMemory<byte> file, List<OggPage> pages)
    {
        (_file, _pages) = (file, pages);
        LastGranule = pages.Where(page => page.Granule >= 0).Select(page => page.Granule).DefaultIfEmpty(-1).Last();
    }

    /// <summary>The granule position at the end of the stream; -1 if no page has one.</summary>
    public long LastGranule { get; }

    /// <summary>Finds the pages; null if the file does not begin with one.</summary>
    public static OggPacketReader? Open(ReadOnlyMemory<byte> file)
    {
        var (pages, offset, budget) = (new List<OggPage>(), 0, (long)MostChecksumPasses * file.Length);
        while (TryFindPage(file.Span, ref offset, ref budget, out var page))
        {
            var isOurs = pages.Count == 0 ? page.IsFirst : page.Serial == pages[0].Serial;
            if (pages.Count > 0 && isOurs && page.IsFirst)
            {
                break;
            }

            if (isOurs)
            {
                pages.Add(page);
            }

            if (pages.Count == 0 || (isOurs && page.IsLast))
            {
                break;
            }
        }

        return pages.Count > 0 ? new OggPacketReader(file, pages) : null;
    }

    /// <summary>The packets, from the first on.</summary>
    public IEnumerable<OggPacket> Read()
    {
        var (begun, isBegun, number) = (new ArrayBufferWriter<byte>(), false, _pages[0].Number);
        foreach (var page in _pages)
        {
            if (!page.IsContinued || page.Number != number)
            {
                isBegun = false;
            }

            number = page.Number + 1;
            // What goes on with a packet whose start is lost is lost too.
            var isLost = page.IsContinued && !isBegun;
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
                if (isBegun)
                {
                    begun.Write(packet.Span);
                    packet = begun.WrittenSpan.ToArray();
                }

                if (!isLost)
                {
                    yield return new OggPacket(packet, i == lastEnd && page.Granule >= 0 ? page.Granule : null, page.IsLast);
                }

                (isBegun, isLost, start) = (false, false, end);
            }

            if (lastEnd < segments.Length - 1 && !isLost)
            {
                if (!isBegun)
                {
                    begun.ResetWrittenCount();
                }

                begun.Write(_file.Span[start..end]);
                isBegun = true;
            }
        }
    }

    /// <summary>The next intact page at or after <paramref name="offset"/>, which then is past it.</summary>
    private static bool TryFindPage(ReadOnlySpan<byte> file, ref int offset, ref long budget, out OggPage page)
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
