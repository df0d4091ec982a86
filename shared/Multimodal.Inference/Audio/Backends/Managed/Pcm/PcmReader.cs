namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>Samples that lie in the file one after the other.</summary>
internal sealed class PcmReader : IAudioReader
{
    private readonly SampleFormat _coding;
    private readonly bool _bigEndian;
    private ReadOnlyMemory<byte> _rest;

    /// <summary>The samples in <paramref name="data"/>; an incomplete last frame is dropped.</summary>
    public PcmReader(ReadOnlyMemory<byte> data, SampleFormat coding, bool bigEndian, int sampleRate, int channels)
    {
        (_rest, _coding, _bigEndian) = (data, coding, bigEndian);
        Header = new AudioHeader(sampleRate, channels, channels > 0 ? data.Length / (coding.Width() * channels) : 0);
    }

    public AudioHeader Header { get; }

    public int ReadFrames(Span<float> interleaved)
    {
        var frameBytes = _coding.Width() * Header.Channels;
        var frames = Math.Min(interleaved.Length / Header.Channels, _rest.Length / frameBytes);
        _coding.Decode(_rest.Span, _bigEndian, interleaved[..(frames * Header.Channels)]);
        _rest = _rest[(frames * frameBytes)..];
        return frames;
    }

    public void Dispose()
    {
    }
}
