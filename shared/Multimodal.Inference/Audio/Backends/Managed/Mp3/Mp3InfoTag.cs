using System.Buffers.Binary;
using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Backends.Managed.Mp3;

/// <summary>
/// The frame without sound that an encoder puts first to say how long the stream is: "Xing" or "Info", and after that LAME's (or
/// Lavc's) delays. Layout: gabriel.mp3-tech.org/mp3infotag.html.
/// </summary>
/// <param name="Start">First frame (in time) that is the original's.</param>
/// <param name="End">The one past the last.</param>
internal readonly record struct Mp3InfoTag(long Start, long End)
{
    // What every Layer III decoder adds: 528 samples of filter bank, and one.
    private const int DecoderDelay = 529;

    private const int FlagsOffset = 4;
    private const int FramesFlag = 1;
    private const int BytesFlag = 2;
    private const int TableFlag = 4;
    private const int QualityFlag = 8;
    private const int DelaysOffset = 21;

    /// <summary>Reads the tag; false if the frame is an ordinary one. A tag without a length or delays gives the whole stream.</summary>
    public static bool TryRead(Mp3Header header, ReadOnlySpan<byte> frame, out Mp3InfoTag tag)
    {
        tag = new Mp3InfoTag(0, long.MaxValue);
        var at = Mp3Header.ByteLength + (header.HasCrc ? 2 : 0) + header.SideInfoLength;
        if (frame.Length < at + 8 || !(frame[at..].StartsWith("Xing"u8) || frame[at..].StartsWith("Info"u8)))
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt32BigEndian(frame[(at + FlagsOffset)..]);
        at += 8;
        var delays = at + (((flags & FramesFlag) != 0 ? 4 : 0) + ((flags & BytesFlag) != 0 ? 4 : 0)
            + ((flags & TableFlag) != 0 ? 100 : 0) + ((flags & QualityFlag) != 0 ? 4 : 0)) + DelaysOffset;
        if ((flags & FramesFlag) == 0 || frame.Length < delays + 3 || frame[delays - DelaysOffset] == 0)
        {
            return true;
        }

        // Two numbers of 12 bits: samples before the sound, and samples after it.
        long frames = BinaryPrimitives.ReadUInt32BigEndian(frame[at..]);
        var before = (frame[delays] << 4) | (frame[delays + 1] >> 4);
        var after = ((frame[delays + 1] & 15) << 8) | frame[delays + 2];
        tag = new Mp3InfoTag(before + DecoderDelay, (frames * header.Samples) - after + DecoderDelay);
        return true;
    }
}
