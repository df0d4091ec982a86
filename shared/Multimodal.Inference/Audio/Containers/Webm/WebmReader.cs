using System.Buffers.Binary;
using System.Text;
using NEbml.Core;

namespace Multimodal.Inference.Audio.Containers.Webm;

/// <summary>
/// Reads the tracks of a WebM or Matroska file. It enters containers without noting where they end, so that a container of unknown
/// length (a live recording) or a false length needs no special case. NEbml reads the numbers; its own reader refuses such files.
/// </summary>
internal sealed class WebmReader
{
    private const ulong Header = 0x1A45DFA3;
    private const ulong DocumentType = 0x4282;
    private const ulong Segment = 0x18538067;
    private const ulong Tracks = 0x1654AE6B;
    private const ulong Entry = 0xAE;
    private const ulong TrackNumber = 0xD7;
    private const ulong TrackType = 0x83;
    private const ulong CodecId = 0x86;
    private const ulong CodecPrivate = 0x63A2;
    private const ulong ContentEncodings = 0x6D80;
    private const ulong Cluster = 0x1F43B675;
    private const ulong BlockGroup = 0xA0;
    private const ulong Block = 0xA1;
    private const ulong SimpleBlock = 0xA3;
    private const ulong DiscardPadding = 0x75A2;

    private const ulong Sound = 2;

    // The limit bounds the time and memory for a file full of empty entries.
    private const int MaxTracks = 128;

    // Bits of the flags of a block: several packets in it.
    private const int Lacing = 6;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly List<WebmTrack> _tracks = [];
    private WebmTrack? _last;
    private string _type = "";

    private WebmReader(ReadOnlyMemory<byte> file) => _file = file;

    /// <summary>Reads the tracks up to the end or to the first damage.</summary>
    /// <param name="file">The file.</param>
    /// <param name="type">The document type, "webm" or "matroska"; empty if it is missing.</param>
    public static List<WebmTrack> Read(ReadOnlyMemory<byte> file, out string type)
    {
        var reader = new WebmReader(file);
        try
        {
            reader.ReadElements();
        }
        catch (Exception exception) when (exception is EbmlDataFormatException or EndOfStreamException)
        {
            // The packets before the damage remain.
        }

        type = reader._type;
        return reader._tracks;
    }

    private void ReadElements()
    {
        using var stream = new MemoryStream(_file.ToArray(), writable: false);
        var buffer = new byte[8];
        while (stream.Position < stream.Length)
        {
            var id = VInt.Read(stream, 4, buffer).EncodedValue;
            var size = VInt.Read(stream, 8, buffer);
            if (id is Header or Segment or Tracks or Cluster or BlockGroup)
            {
                continue;
            }

            if (id == Entry && _tracks.Count < MaxTracks)
            {
                _tracks.Add(new WebmTrack());
                continue;
            }

            if (size.IsReserved || size.Value > (ulong)(stream.Length - stream.Position))
            {
                return;
            }

            Read(id, _file.Slice((int)stream.Position, (int)size.Value));
            stream.Position += (long)size.Value;
        }
    }

    private void Read(ulong id, ReadOnlyMemory<byte> content)
    {
        var track = _tracks.LastOrDefault();
        switch (id)
        {
            case DocumentType:
                _type = Encoding.ASCII.GetString(content.Span).TrimEnd('\0');
                break;
            case TrackNumber when track is not null:
                track.Number = Unsigned(content.Span);
                break;
            case TrackType when track is not null:
                track.IsSound = Unsigned(content.Span) == Sound;
                break;
            case CodecId when track is not null:
                track.Codec = Encoding.ASCII.GetString(content.Span).TrimEnd('\0');
                break;
            case CodecPrivate when track is not null:
                track.Setup = content;
                break;
            case ContentEncodings when track is not null:
                track.IsEncoded = true;
                break;
            case Block or SimpleBlock:
                ReadBlock(content);
                break;
            case DiscardPadding when _last is not null && content.Length is > 0 and <= 8:
                _last.TrimmedNanoseconds = Math.Max(0, (long)Unsigned(content.Span));
                break;
            default:
                break;
        }
    }

    /// <summary>Reads a block: the track number, the time (2 bytes), flags (1 byte) and the packet.</summary>
    private void ReadBlock(ReadOnlyMemory<byte> block)
    {
        using var stream = new MemoryStream(block.Span[..Math.Min(8, block.Length)].ToArray());
        var number = VInt.Read(stream, 8, new byte[8]).Value;
        var start = (int)stream.Position + 3;
        _last = _tracks.Find(track => track.Number == number);
        if (_last is null || start >= block.Length)
        {
            return;
        }

        _last.HasLacing |= (block.Span[start - 1] & Lacing) != 0;
        _last.TrimmedNanoseconds = 0;
        _last.Packets.Add(block[start..]);
    }

    private static ulong Unsigned(ReadOnlySpan<byte> content)
    {
        Span<byte> value = stackalloc byte[8];
        value.Clear();
        content = content[..Math.Min(8, content.Length)];
        content.CopyTo(value[(8 - content.Length)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(value);
    }
}
