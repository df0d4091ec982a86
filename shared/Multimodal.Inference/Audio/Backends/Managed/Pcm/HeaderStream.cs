namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>
/// The stream from which NAudio reads the headers of WAV and AIFF files. Zeros follow the last byte, so that NAudio still finds a chunk
/// whose stated length exceeds the file. The number of reads is limited, because NAudio allocates an object for each chunk.
/// </summary>
/// <param name="bytes">The file.</param>
/// <param name="head">Replaces the first bytes of the file; may be empty.</param>
/// <param name="length">The length to report, at least that of the file.</param>
internal sealed class HeaderStream(ReadOnlyMemory<byte> bytes, byte[] head, long length) : Stream
{
    private const int MaxReads = 20_000;

    private long _position;
    private int _reads;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new InvalidDataException("A chunk leads to an offset before the file.");
    }

    public override int Read(Span<byte> buffer)
    {
        if (++_reads > MaxReads)
        {
            throw new InvalidDataException("The file has more chunks than an audio file needs.");
        }

        buffer = buffer[..(int)Math.Clamp(Length - _position, 0, buffer.Length)];
        buffer.Clear();
        Copy(bytes.Span, buffer);
        Copy(head, buffer);
        _position += buffer.Length;
        return buffer.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Copy(ReadOnlySpan<byte> source, Span<byte> buffer)
    {
        var available = source[(int)Math.Min(_position, source.Length)..];
        available[..Math.Min(available.Length, buffer.Length)].CopyTo(buffer);
    }
}
