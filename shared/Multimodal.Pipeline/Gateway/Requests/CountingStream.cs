namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Counts the bytes read from a stream. Supports asynchronous reads only.</summary>
/// <param name="stream">The stream.</param>
/// <param name="counted">Called after each read with the number of bytes so far.</param>
internal sealed class CountingStream(Stream stream, Action<long> counted) : Stream
{
    private long _count;

    /// <summary>Bytes read so far.</summary>
    public long Count => Volatile.Read(ref _count);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        Volatile.Write(ref _count, _count + read);
        counted(_count);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
