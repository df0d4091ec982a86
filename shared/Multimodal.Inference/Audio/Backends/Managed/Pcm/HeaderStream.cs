namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>
/// What NAudio reads the headers of WAV and AIFF files from. Zeros follow the last byte, so that a chunk which states more than
/// there is ends the list of chunks and is still found. The number of reads is limited: each chunk costs NAudio an object.
/// </summary>
/// <param name="bytes">The file.</param>
/// <param name="head">What to show in place of the first bytes, possibly nothing.</param>
/// <param name="length">The length to state, at least the real one.</param>
internal sealed class HeaderStream(ReadOnlyMemory<byte> bytes, byte[] head, long length) : Stream
{
    private const int MostReads = 20_000;

    private long _position;
    private int _reads;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new InvalidDataException("A chunk leads to before the file.");
    }

    public override int Read(Span<byte> buffer)
    {
        if (++_reads > MostReads)
        {
            throw new InvalidDataException("The file has more chunks than a sound file needs.");
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
        var there = source[(int)Math.Min(_position, source.Length)..];
        there[..Math.Min(there.Length, buffer.Length)].CopyTo(buffer);
    }
}
