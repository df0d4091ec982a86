using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Backends.Managed.Mp3;

/// <summary>The frames of a Layer III stream, one after the other; what lies between them is skipped.</summary>
internal sealed class Mp3FrameReader(ReadOnlyMemory<byte> bytes)
{
    private int _offset;
    private Mp3Header? _stream;

    /// <summary>A second reader, at the same place.</summary>
    public Mp3FrameReader Clone() => new(bytes) { _offset = _offset, _stream = _stream };

    /// <summary>Finds the next frame that is there whole and has the sample rate and channels of the first.</summary>
    public bool TryRead(out Mp3Header header, out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (!IsNext(_offset, out header) && !TryResync(out header))
        {
            return false;
        }

        _stream ??= header;
        frame = bytes.Slice(_offset, header.FrameLength);
        _offset += header.FrameLength;
        return true;
    }

    /// <summary>Whether a whole frame of the stream known by now starts here.</summary>
    private bool IsNext(int offset, out Mp3Header header)
    {
        header = default;
        return _stream is { } stream && Mp3Header.TryRead(bytes.Span[offset..], out header) && header.Continues(stream)
            && offset + header.FrameLength <= bytes.Length;
    }

    /// <summary>Looks on for a frame. One header can be chance; so another must follow it, or the end of the file.</summary>
    private bool TryResync(out Mp3Header header)
    {
        header = default;
        var span = bytes.Span;
        for (int found; (found = span[_offset..].IndexOf((byte)0xFF)) >= 0; _offset++)
        {
            _offset += found;
            if (Mp3Header.TryRead(span[_offset..], out header) && (_stream is not { } stream || header.Continues(stream))
                && _offset + header.FrameLength <= span.Length && IsFrameOrEnd(span[(_offset + header.FrameLength)..], header))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsFrameOrEnd(ReadOnlySpan<byte> rest, Mp3Header before) =>
        rest.Length < Mp3Header.ByteLength || (Mp3Header.TryRead(rest, out var next) && next.Continues(before));
}
