using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Containers.Mpeg;

/// <summary>
/// Recognizes MPEG Layer III, and counts its frames. Decoders estimate the duration of a stream without a correct Xing tag from its first
/// frame and its length. So this class writes a correct tag, and drops bytes between frames, which decoders skip only up to some length.
/// </summary>
internal static class Mp3Stream
{
    // Without a tag, bytes before the first frame are accepted only if this many frames follow at their exact distance.
    private const int MinFrames = 4;
    private const int MaxJunk = 4096;

    /// <summary>Recognizes a stream.</summary>
    /// <param name="content">The bytes after the ID3v2 tags.</param>
    /// <param name="isTagged">Whether there are tags; then the file is MP3 whatever follows.</param>
    public static AudioFile? Recognize(ReadOnlyMemory<byte> content, bool isTagged)
    {
        var reader = new Mp3FrameReader(content);
        if (!reader.TryRead(out var header, out var first) || !(isTagged || IsStream(content.Span, reader.Position - first.Length, header)))
        {
            return isTagged ? AudioFile.Single(AudioFormat.Mp3, content) : null;
        }

        var (frames, end, isRegular) = (new List<ReadOnlyMemory<byte>> { first }, reader.Position, reader.Position == first.Length);
        while (reader.TryRead(out _, out var frame))
        {
            isRegular &= reader.Position == end + frame.Length;
            end = reader.Position;
            frames.Add(frame);
        }

        var hasTag = Mp3InfoTag.TryRead(header, first.Span, out var tag);
        var count = frames.Count - (hasTag || Mp3InfoTag.IsVbri(first.Span) ? 1 : 0);
        var bytes = isRegular && hasTag && tag.Frames == count
            ? content
            : Rewrite(
                hasTag ? Mp3InfoTag.WithFrames(header, first.Span, count) : Mp3InfoTag.Create(header, count),
                frames.TakeLast(count));
        return AudioFile.Single(AudioFormat.Mp3, bytes) with { Seconds = (double)count * header.Samples / header.SampleRate };
    }

    private static bool IsStream(ReadOnlySpan<byte> content, int offset, Mp3Header header)
    {
        if (offset > MaxJunk)
        {
            return false;
        }

        var rest = content[offset..];
        for (var frames = 0; frames < MinFrames; frames++)
        {
            // A short file that starts with a frame is accepted, as is a stream of at least two frames at the start.
            if (offset == 0 && (frames >= 2 || (frames == 1 && rest.Length < Mp3Header.ByteLength)))
            {
                return true;
            }

            if (!Mp3Header.TryRead(rest, out var next) || !next.Continues(header))
            {
                return false;
            }

            rest = rest[Math.Min(next.FrameLength, rest.Length)..];
        }

        return true;
    }

    private static byte[] Rewrite(ReadOnlySpan<byte> tag, IEnumerable<ReadOnlyMemory<byte>> frames)
    {
        using var stream = new MemoryStream();
        stream.Write(tag);
        foreach (var frame in frames)
        {
            stream.Write(frame.Span);
        }

        return stream.ToArray();
    }
}
