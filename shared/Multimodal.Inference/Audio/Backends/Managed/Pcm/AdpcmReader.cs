namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>Reads ADPCM samples, which are coded in blocks.</summary>
internal sealed class AdpcmReader : IAudioReader
{
    private readonly IAdpcmCodec _codec;
    private readonly short[] _block;
    private ReadOnlyMemory<byte> _rest;
    private int _next;
    private int _end;

    /// <summary>Creates a reader of the blocks in <paramref name="data"/>. The last block may be incomplete.</summary>
    public AdpcmReader(ReadOnlyMemory<byte> data, IAdpcmCodec codec, int sampleRate)
    {
        (_rest, _codec) = (data, codec);
        _block = new short[codec.Frames(codec.BlockBytes) * codec.Channels];
        var (blocks, rest) = Math.DivRem(data.Length, codec.BlockBytes);
        Header = new AudioHeader(sampleRate, codec.Channels, ((long)blocks * codec.Frames(codec.BlockBytes)) + codec.Frames(rest));
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
            var block = _rest[..Math.Min(_codec.BlockBytes, _rest.Length)];
            _rest = _rest[block.Length..];
            (_next, _end) = (0, _codec.Frames(block.Length) * Header.Channels);
            if (_end > 0)
            {
                _codec.Decode(block.Span, _block.AsSpan(0, _end));
            }
        }

        return _next < _end;
    }
}
