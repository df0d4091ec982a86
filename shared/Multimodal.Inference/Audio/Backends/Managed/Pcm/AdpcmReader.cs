namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>Samples that are coded in blocks (ADPCM).</summary>
internal sealed class AdpcmReader : IAudioReader
{
    private readonly IAdpcmCodec _coding;
    private readonly short[] _block;
    private ReadOnlyMemory<byte> _rest;
    private int _next;
    private int _end;

    /// <summary>The blocks in <paramref name="data"/>; of an incomplete last one, what is there.</summary>
    public AdpcmReader(ReadOnlyMemory<byte> data, IAdpcmCodec coding, int sampleRate)
    {
        (_rest, _coding) = (data, coding);
        _block = new short[coding.Frames(coding.BlockBytes) * coding.Channels];
        var (blocks, rest) = Math.DivRem(data.Length, coding.BlockBytes);
        Header = new AudioHeader(sampleRate, coding.Channels, ((long)blocks * coding.Frames(coding.BlockBytes)) + coding.Frames(rest));
    }

    public AudioHeader Header { get; }

    public int ReadFrames(Span<float> interleaved)
    {
        var written = 0;
        while (written + Header.Channels <= interleaved.Length && TryFill())
        {
            var count = Math.Min(_end - _next, (interleaved.Length - written) / Header.Channels * Header.Channels);
            foreach (var sample in _block.AsSpan(_next, count))
            {
                interleaved[written++] = sample / 32_768f;
            }

            _next += count;
        }

        return written / Header.Channels;
    }

    public void Dispose()
    {
    }

    private bool TryFill()
    {
        if (_next == _end)
        {
            var block = _rest[..Math.Min(_coding.BlockBytes, _rest.Length)];
            _rest = _rest[block.Length..];
            (_next, _end) = (0, _coding.Frames(block.Length) * Header.Channels);
            if (_end > 0)
            {
                _coding.Decode(block.Span, _block.AsSpan(0, _end));
            }
        }

        return _next < _end;
    }
}
