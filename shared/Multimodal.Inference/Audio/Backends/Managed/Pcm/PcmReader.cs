namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>Reads samples that are stored one after the other.</summary>
internal sealed class PcmReader : IAudioReader
{
    private readonly SampleFormat _format;
    private readonly bool _bigEndian;
    private ReadOnlyMemory<byte> _rest;

    /// <summary>Creates a reader of the samples in <paramref name="data"/>. An incomplete last frame is dropped.</summary>
    public PcmReader(ReadOnlyMemory<byte> data, SampleFormat format, bool bigEndian, int sampleRate, int channels)
    {
        (_rest, _format, _bigEndian) = (data, format, bigEndian);
        Header = new AudioHeader(sampleRate, channels, channels > 0 ? data.Length / (format.Width() * channels) : 0);
    }

    public AudioHeader Header { get; }

    public int ReadFrames(Span<float> interleaved)
    {
        var frameBytes = _format.Width() * Header.Channels;
        var frames = Math.Min(interleaved.Length / Header.Channels, _rest.Length / frameBytes);
        _format.Decode(_rest.Span, _bigEndian, interleaved[..(frames * Header.Channels)]);
        _rest = _rest[(frames * frameBytes)..];
        return frames;
    }

    public void Dispose()
    {
    }
}
