using Multimodal.Inference.Audio.Containers.Mpeg;
using NLayer;

namespace Multimodal.Inference.Audio.Backends.Managed.Mp3;

/// <summary>
/// Reads MPEG Layer III. NLayer decodes the frames. This class finds them, and trims the samples that encoder and decoder add, as
/// libsndfile (mpg123) does: without a tag it trims nothing. A frame that cannot be decoded becomes silence, so that later frames keep
/// their time.
/// </summary>
internal sealed class Mp3Reader : IAudioReader
{
    private readonly MpegFrameDecoder _decoder = new();
    private readonly Mp3FrameReader _frames;
    private readonly float[] _samples;
    private readonly long _start;
    private readonly long _end;

    // In samples per channel: the time after the decoded frame, and the range of the decoded samples that is not read yet.
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

    /// <summary>Opens a stream.</summary>
    /// <param name="bytes">The frames, without ID3v2 tags before them.</param>
    /// <returns>Null if the data contains no frame.</returns>
    public static Mp3Reader? Open(ReadOnlyMemory<byte> bytes)
    {
        var frames = new Mp3FrameReader(bytes);
        var first = frames.Clone();
        if (!first.TryRead(out var header, out var frame))
        {
            return null;
        }

        return Mp3InfoTag.TryRead(header, frame.Span, out var tag)
            ? new Mp3Reader(first, header, tag)
            : new Mp3Reader(frames, header, Mp3InfoTag.None);
    }

    public int ReadFrames(Span<float> interleaved)
    {
        var (channels, capacity, written) = (Header.Channels, interleaved.Length / Header.Channels, 0);
        while (written < capacity && TryFill())
        {
            var count = Math.Min(_filled - _next, capacity - written);
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

    /// <summary>Decodes frames until there are samples between start and end.</summary>
    /// <returns>False at the end.</returns>
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
            // A frame can use bits of earlier frames (bit reservoir). At the start of a cut file they are missing, and nothing is decoded.
            decoded = _decoder.DecodeFrame(frame, _samples, 0);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _decoder.Reset();
        }

        _samples.AsSpan(decoded).Clear();
    }
}
