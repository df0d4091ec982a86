using Multimodal.Inference.Audio.Formats;
using NLayer;

namespace Multimodal.Inference.Audio.Backends.Managed.Mp3;

/// <summary>
/// MPEG Layer III. NLayer decodes single frames; finding them and cutting off what the encoder and the decoder add is done here,
/// as libsndfile (mpg123) does it: without a tag nothing is cut off. A frame that cannot be decoded is silence, so that time stays
/// right.
/// </summary>
internal sealed class Mp3Reader : IAudioReader
{
    private readonly MpegFrameDecoder _decoder = new();
    private readonly Mp3FrameReader _frames;
    private readonly float[] _samples;
    private readonly long _start;
    private readonly long _end;

    // In frames of the header, that is per channel: where the decoded samples begin in time, and what of them is left.
    private long _time;
    private int _next;
    private int _filled;

    private Mp3Reader(Mp3FrameReader frames, Mp3Header first, Mp3InfoTag tag)
    {
        _frames = frames;
        _samples = new float[first.Samples * first.Channels];
        (_start, _end) = (tag.Start, Math.Min(tag.End, Length(frames.Clone())));
        Header = new AudioHeader(first.SampleRate, first.Channels, Math.Max(0, _end - _start));
    }

    public AudioHeader Header { get; }

    /// <summary>Finds the first frame; null if there is none.</summary>
    public static Mp3Reader? Open(ReadOnlyMemory<byte> bytes)
    {
        var content = AudioSniffer.SkipId3(bytes.Span, out _).Length;
        var frames = new Mp3FrameReader(bytes[(bytes.Length - content)..]);
        var first = frames.Clone();
        if (!first.TryRead(out var header, out var frame))
        {
            return null;
        }

        return Mp3InfoTag.TryRead(header, frame.Span, out var tag)
            ? new Mp3Reader(first, header, tag)
            : new Mp3Reader(frames, header, new Mp3InfoTag(0, long.MaxValue));
    }

    public int ReadFrames(Span<float> interleaved)
    {
        var (channels, wanted, written) = (Header.Channels, interleaved.Length / Header.Channels, 0);
        while (written < wanted && TryFill())
        {
            var count = Math.Min(_filled - _next, wanted - written);
            _samples.AsSpan(_next * channels, count * channels).CopyTo(interleaved[(written * channels)..]);
            (_next, written) = (_next + count, written + count);
        }

        return written;
    }

    public void Dispose()
    {
    }

    private static long Length(Mp3FrameReader frames)
    {
        var samples = 0L;
        while (frames.TryRead(out var header, out _))
        {
            samples += header.Samples;
        }

        return samples;
    }

    /// <summary>Decodes until there is something between start and end; false at the end.</summary>
    private bool TryFill()
    {
        while (_next == _filled)
        {
            if (_time >= _end || !_frames.TryRead(out var header, out var frame))
            {
                return false;
            }

            Decode(new Mp3Frame(header, frame));
            _next = (int)Math.Clamp(_start - _time, 0, header.Samples);
            _filled = (int)Math.Clamp(_end - _time, _next, header.Samples);
            _time += header.Samples;
        }

        return true;
    }

    private void Decode(Mp3Frame frame)
    {
        var decoded = 0;
        try
        {
            // Nothing is decoded where the frame borrows bits from one that is not there: cut files begin so.
            decoded = _decoder.DecodeFrame(frame, _samples, 0);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _decoder.Reset();
        }

        _samples.AsSpan(decoded).Clear();
    }
}
