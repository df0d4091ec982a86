using System.Buffers.Binary;

namespace Multimodal.Inference.Audio.Containers.Mpeg;

/// <summary>
/// The "Xing" or "Info" tag in the silent first frame of a stream. It states the length of the stream, and the delays of the encoder
/// (LAME or Lavc). Layout: gabriel.mp3-tech.org/mp3infotag.html.
/// </summary>
/// <param name="Start">Index of the first sample per channel that belongs to the original recording.</param>
/// <param name="End">Index after the last one.</param>
/// <param name="Frames">The stated number of frames after the tag; null if it states none.</param>
internal readonly record struct Mp3InfoTag(long Start, long End, long? Frames)
{
    // The delay of every Layer III decoder: 528 samples of the filter bank plus one.
    private const int DecoderDelay = 529;

    private const int FlagsOffset = 4;
    private const int FramesFlag = 1;
    private const int BytesFlag = 2;
    private const int TableFlag = 4;
    private const int QualityFlag = 8;
    private const int DelaysOffset = 21;

    // Fraunhofer's tag follows 32 bytes after the frame header, whatever the channels.
    private const int VbriOffset = 36;

    /// <summary>Selects the whole stream.</summary>
    public static Mp3InfoTag None => new(0, long.MaxValue, null);

    /// <summary>Reads the tag. A tag without a length or delays selects the whole stream.</summary>
    /// <returns>False if the frame has no tag.</returns>
    public static bool TryRead(Mp3Header header, ReadOnlySpan<byte> frame, out Mp3InfoTag tag)
    {
        tag = None;
        var offset = TagOffset(header);
        if (frame.Length < offset + 12 || !(frame[offset..].StartsWith("Xing"u8) || frame[offset..].StartsWith("Info"u8)))
        {
            return false;
        }

        if ((BinaryPrimitives.ReadUInt32BigEndian(frame[(offset + FlagsOffset)..]) & FramesFlag) == 0)
        {
            return true;
        }

        long frames = BinaryPrimitives.ReadUInt32BigEndian(frame[(offset + 8)..]);
        tag = tag with { Frames = frames };
        var delays = Delays(frame, offset);
        if (frame.Length < delays + 3 || frame[delays - DelaysOffset] == 0)
        {
            return true;
        }

        // Two 12-bit numbers: the samples that the encoder added at the start and at the end.
        var startDelay = (frame[delays] << 4) | (frame[delays + 1] >> 4);
        var endPadding = ((frame[delays + 1] & 15) << 8) | frame[delays + 2];
        tag = new Mp3InfoTag(startDelay + DecoderDelay, (frames * header.Samples) - endPadding + DecoderDelay, frames);
        return true;
    }

    /// <summary>Whether a frame holds Fraunhofer's tag instead of sound.</summary>
    public static bool IsVbri(ReadOnlySpan<byte> frame) => frame.Length > VbriOffset + 4 && frame[VbriOffset..].StartsWith("VBRI"u8);

    /// <summary>
    /// Copies the frame of a tag with another number of frames. The delay at the start stays. The padding at the end becomes zero,
    /// because the end is not where the encoder wrote it.
    /// </summary>
    public static byte[] WithFrames(Mp3Header header, ReadOnlySpan<byte> frame, int frames)
    {
        var offset = TagOffset(header);
        if ((BinaryPrimitives.ReadUInt32BigEndian(frame[(offset + FlagsOffset)..]) & FramesFlag) == 0)
        {
            return Create(header, frames);
        }

        var copy = frame.ToArray();
        var stated = BinaryPrimitives.ReadUInt32BigEndian(frame[(offset + 8)..]);
        BinaryPrimitives.WriteInt32BigEndian(copy.AsSpan(offset + 8), frames);
        var delays = Delays(frame, offset);
        if (stated != frames && copy.Length >= delays + 3)
        {
            copy[delays + 1] &= 0xF0;
            copy[delays + 2] = 0;
        }

        return copy;
    }

    /// <summary>
    /// Creates the start of a stream that is decoded whole: the frame of a tag, and a frame of silence. Decoders drop 529 samples at the
    /// start of a tagged stream. So the tag lets them drop the silence, to the sample, and nothing else.
    /// </summary>
    public static byte[] Create(Mp3Header like, int frames)
    {
        var silence = Silent(like, Mp3Header.ByteLength + like.SideInfoLength);
        var frame = Silent(like, Mp3Header.ByteLength + like.SideInfoLength + 12 + DelaysOffset + 15);
        var tag = frame.AsSpan(Mp3Header.ByteLength + like.SideInfoLength);
        "Xing\0\0\0\u0001"u8.CopyTo(tag);
        BinaryPrimitives.WriteInt32BigEndian(tag[8..], frames + 1);
        // Decoders read the delays only after the name of an encoder.
        "LAME3.100"u8.CopyTo(tag[12..]);
        var (start, end) = (like.Samples - DecoderDelay, DecoderDelay);
        var delays = tag[(12 + DelaysOffset)..];
        (delays[0], delays[1], delays[2]) = ((byte)(start >> 4), (byte)((start << 4) | (end >> 8)), (byte)end);
        return [.. frame, .. silence];
    }

    /// <summary>Creates the shortest frame of at least some bytes. Its side information is zero, so it is silent.</summary>
    private static byte[] Silent(Mp3Header like, int length)
    {
        var header = Enumerable.Range(1, 14).Select(like.WithoutCrc).First(header => header.FrameLength >= length);
        var frame = new byte[header.FrameLength];
        header.Write(frame);
        return frame;
    }

    private static int TagOffset(Mp3Header header) => Mp3Header.ByteLength + (header.HasCrc ? 2 : 0) + header.SideInfoLength;

    private static int Delays(ReadOnlySpan<byte> frame, int offset)
    {
        var flags = BinaryPrimitives.ReadUInt32BigEndian(frame[(offset + FlagsOffset)..]);
        return offset + 8 + (((flags & FramesFlag) != 0 ? 4 : 0) + ((flags & BytesFlag) != 0 ? 4 : 0)
            + ((flags & TableFlag) != 0 ? 100 : 0) + ((flags & QualityFlag) != 0 ? 4 : 0)) + DelaysOffset;
    }
}
