namespace Multimodal.Inference.Audio.Containers.Mpeg;

/// <summary>Reads the frames of a Layer III stream, and skips bytes between them.</summary>
internal sealed class Mp3FrameReader(ReadOnlyMemory<byte> bytes)
{
    private int _offset;
    private Mp3Header? _first;

    /// <summary>Index after the last frame that was read.</summary>
    public int Position => _offset;

    /// <summary>Creates a second reader at the same position.</summary>
    public Mp3FrameReader Clone() => new(bytes) { _offset = _offset, _first = _first };

    /// <summary>Finds the next complete frame with the sample rate and channels of the first.</summary>
    /// <returns>False at the end.</returns>
    public bool TryRead(out Mp3Header header, out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (!IsNext(_offset, out header) && !TryResync(out header))
        {
            return false;
        }

        _first ??= header;
        frame = bytes.Slice(_offset, header.FrameLength);
        _offset += header.FrameLength;
        return true;
    }

    /// <summary>Whether a complete frame of the current stream starts at <paramref name="offset"/>.</summary>
    private bool IsNext(int offset, out Mp3Header header)
    {
        header = default;
        return _first is { } first && Mp3Header.TryRead(bytes.Span[offset..], out header) && header.Continues(first)
            && offset + header.FrameLength <= bytes.Length;
    }

    /// <summary>
    /// Searches for the next frame. A single header can be a coincidence, so another header or the end of the file must follow.
    /// </summary>
    private bool TryResync(out Mp3Header header)
    {
        header = default;
        var span = bytes.Span;
        for (int found; (found = span[_offset..].IndexOf((byte)0xFF)) >= 0; _offset++)
        {
            _offset += found;
            if (Mp3Header.TryRead(span[_offset..], out header) && (_first is not { } first || header.Continues(first))
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
