using System.Buffers.Binary;
using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Backends.Managed.Mp3;

/// <summary>
/// The "Xing" or "Info" tag in the silent first frame of a stream. It states the length of the stream, and the delays of the encoder
/// (LAME or Lavc). Layout: gabriel.mp3-tech.org/mp3infotag.html.
/// </summary>
/// <param name="Start">Index of the first sample per channel that belongs to the original recording.</param>
/// <param name="End">Index after the last one.</param>
internal readonly record struct Mp3InfoTag(long Start, long End)
{
    // The delay of every Layer III decoder: 528 samples of the filter bank plus one.
    private const int DecoderDelay = 529;

    private const int FlagsOffset = 4;
    private const int FramesFlag = 1;
    private const int BytesFlag = 2;
    private const int TableFlag = 4;
    private const int QualityFlag = 8;
    private const int DelaysOffset = 21;

    /// <summary>Reads the tag. A tag without a length or delays selects the whole stream.</summary>
    /// <returns>False if the frame has no tag.</returns>
    public static bool TryRead(Mp3Header header, ReadOnlySpan<byte> frame, out Mp3InfoTag tag)
    {
        tag = new Mp3InfoTag(0, long.MaxValue);
        var offset = Mp3Header.ByteLength + (header.HasCrc ? 2 : 0) + header.SideInfoLength;
        if (frame.Length < offset + 8 || !(frame[offset..].StartsWith("Xing"u8) || frame[offset..].StartsWith("Info"u8)))
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt32BigEndian(frame[(offset + FlagsOffset)..]);
        offset += 8;
        var delays = offset + (((flags & FramesFlag) != 0 ? 4 : 0) + ((flags & BytesFlag) != 0 ? 4 : 0)
            + ((flags & TableFlag) != 0 ? 100 : 0) + ((flags & QualityFlag) != 0 ? 4 : 0)) + DelaysOffset;
        if ((flags & FramesFlag) == 0 || frame.Length < delays + 3 || frame[delays - DelaysOffset] == 0)
        {
            return true;
        }

        // Two 12-bit numbers: the samples that the encoder added at the start and at the end.
        long frames = BinaryPrimitives.ReadUInt32BigEndian(frame[offset..]);
        var startDelay = (frame[delays] << 4) | (frame[delays + 1] >> 4);
        var endPadding = ((frame[delays + 1] & 15) << 8) | frame[delays + 2];
        tag = new Mp3InfoTag(startDelay + DecoderDelay, (frames * header.Samples) - endPadding + DecoderDelay);
        return true;
    }
}
