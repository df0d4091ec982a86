using System.Buffers.Binary;

namespace Multimodal.Inference.Vision.Formats;

/// <summary>
/// Checks whether a JPEG file without its end marker contains all of its pixels, by reading the entropy-coded data to its end. Baseline and
/// progressive frames with Huffman codes are supported.
/// </summary>
internal ref struct JpegScans
{
    private const byte StartOfScan = 0xDA, HuffmanTables = 0xC4, RestartInterval = 0xDD;

    // 64 million pixels in full colour. A block has at least one bit, so a short file with a false size is not read.
    private const long MaxBlocks = 3_000_000;

    /// <summary>A file that ends later than this after its last block is not one that lacks only its end marker.</summary>
    private const int MaxRest = 2;

    private readonly ReadOnlySpan<byte> _file;
    private readonly JpegHuffman?[] _tables = new JpegHuffman?[8];
    private JpegComponent[] _components = [];
    private bool _isProgressive;
    private int _restartInterval, _unitsAcross, _unitsDown;
    private int _offset = 2;

    private JpegScans(ReadOnlySpan<byte> file) => _file = file;

    /// <summary>Whether every block of every scan is present, and every bit of every coefficient.</summary>
    public static bool AreComplete(ReadOnlySpan<byte> file) => new JpegScans(file).ReadToEnd();

    private bool ReadToEnd()
    {
        while (TryReadSegment(out var marker, out var segment))
        {
            var isRead = marker switch
            {
                0xC0 or 0xC1 or 0xC2 => _components.Length == 0 && TryReadFrame(segment, marker == 0xC2),
                HuffmanTables => TryReadTables(segment),
                RestartInterval => TryReadInterval(segment),
                StartOfScan => TryReadScan(segment),
                _ => marker is not (>= 0xC3 and <= 0xCF),
            };
            if (!isRead)
            {
                return false;
            }
        }

        return _components.Length > 0
            && _file.Length - _offset <= MaxRest
            && Array.TrueForAll(_components, component => component.IsComplete);
    }

    private bool TryReadSegment(out byte marker, out ReadOnlySpan<byte> segment)
    {
        marker = 0;
        segment = default;
        while (_offset + 4 <= _file.Length && _file[_offset] == 0xFF && _file[_offset + 1] == 0xFF)
        {
            _offset++;
        }

        if (_offset + 4 > _file.Length || _file[_offset] != 0xFF)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(_file[(_offset + 2)..]);
        if (length < 2 || length > _file.Length - _offset - 2)
        {
            return false;
        }

        marker = _file[_offset + 1];
        segment = _file.Slice(_offset + 4, length - 2);
        _offset += 2 + length;
        return true;
    }

    private bool TryReadFrame(ReadOnlySpan<byte> frame, bool isProgressive)
    {
        if (frame.Length < 6 || frame.Length < 6 + (3 * frame[5]) || frame[5] is 0 or > 4)
        {
            return false;
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        int maxAcross = 0, maxDown = 0;
        for (var i = 0; i < frame[5]; i++)
        {
            var sampling = frame[7 + (3 * i)];
            (maxAcross, maxDown) = (Math.Max(maxAcross, sampling >> 4), Math.Max(maxDown, sampling & 15));
            if (sampling >> 4 is 0 or > 4 || (sampling & 15) is 0 or > 4)
            {
                return false;
            }
        }

        _isProgressive = isProgressive;
        (_unitsAcross, _unitsDown) = (Quotient(width, 8 * maxAcross), Quotient(height, 8 * maxDown));
        var blocks = (long)_unitsAcross * _unitsDown * maxAcross * maxDown * frame[5];
        if (width == 0 || height == 0 || blocks > Math.Min(MaxBlocks, 8L * _file.Length))
        {
            return false;
        }

        _components = new JpegComponent[frame[5]];
        for (var i = 0; i < _components.Length; i++)
        {
            int across = frame[7 + (3 * i)] >> 4, down = frame[7 + (3 * i)] & 15;
            _components[i] = new JpegComponent(frame[6 + (3 * i)], across, down)
            {
                BlocksAcross = Quotient(Quotient(width * across, maxAcross), 8),
                BlocksDown = Quotient(Quotient(height * down, maxDown), 8),
                PaddedAcross = _unitsAcross * across,
                NonZero = isProgressive ? new ulong[_unitsAcross * across * _unitsDown * down] : [],
            };
        }

        return true;
    }

    private readonly bool TryReadTables(ReadOnlySpan<byte> definitions)
    {
        while (!definitions.IsEmpty)
        {
            var (kind, id) = (definitions[0] >> 4, definitions[0] & 15);
            definitions = definitions[1..];
            if (kind > 1 || id > 3 || JpegHuffman.Read(ref definitions) is not { } table)
            {
                return false;
            }

            _tables[(4 * kind) + id] = table;
        }

        return true;
    }

    private bool TryReadInterval(ReadOnlySpan<byte> segment)
    {
        _restartInterval = segment.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(segment) : 0;
        return segment.Length == 2;
    }

    private bool TryReadScan(ReadOnlySpan<byte> header)
    {
        if (CreateScan(header) is not { } scan)
        {
            return false;
        }

        JpegBlocks blocks = new(scan);
        JpegBits bits = new(_file, _offset);
        var isSingle = scan.Components.Count == 1;
        var first = scan.Components[0].Component;
        var (across, down) = isSingle ? (first.BlocksAcross, first.BlocksDown) : (_unitsAcross, _unitsDown);
        for (var unit = 0; unit < across * down; unit++)
        {
            if (_restartInterval > 0 && unit > 0 && unit % _restartInterval == 0)
            {
                blocks.Restart();
                if (!bits.TryRestart())
                {
                    return false;
                }
            }

            var isRead = isSingle
                ? blocks.TryRead(ref bits, 0, ((unit / across) * first.PaddedAcross) + (unit % across))
                : TryReadUnit(ref bits, blocks, scan, unit);
            if (!isRead)
            {
                return false;
            }
        }

        _offset = bits.Offset;
        return true;
    }

    /// <summary>Reads the blocks of all components of the scan at one position.</summary>
    private readonly bool TryReadUnit(ref JpegBits bits, JpegBlocks blocks, JpegScan scan, int unit)
    {
        for (var part = 0; part < scan.Components.Count; part++)
        {
            var component = scan.Components[part].Component;
            for (var i = 0; i < component.Across * component.Down; i++)
            {
                var x = (unit % _unitsAcross * component.Across) + (i % component.Across);
                var y = (unit / _unitsAcross * component.Down) + (i / component.Across);
                if (!blocks.TryRead(ref bits, part, (y * component.PaddedAcross) + x))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Reads a scan header, and records which bits its coefficients still lack.</summary>
    private readonly JpegScan? CreateScan(ReadOnlySpan<byte> header)
    {
        if (header.Length < 4 || header[0] is 0 or > 4 || header.Length != 4 + (2 * header[0]))
        {
            return null;
        }

        var tail = header[(1 + (2 * header[0]))..];
        var (first, last) = _isProgressive ? (tail[0], tail[1]) : (0, 63);
        if (first > last || last > 63)
        {
            return null;
        }

        List<(JpegComponent, JpegHuffman?, JpegHuffman?)> parts = [];
        for (var i = 0; i < header[0]; i++)
        {
            var (id, tables) = (header[1 + (2 * i)], header[2 + (2 * i)]);
            if (Array.Find(_components, component => component.Id == id) is not { } component)
            {
                return null;
            }

            parts.Add((component, _tables[(tables >> 4) & 3], _tables[4 + (tables & 3)]));
            component.MissingBits.AsSpan(first, last - first + 1).Fill((byte)(_isProgressive ? tail[2] & 15 : 0));
        }

        return new JpegScan(parts, first, last, _isProgressive && tail[2] >> 4 != 0, _isProgressive);
    }

    private static int Quotient(int dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
