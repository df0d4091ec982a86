using System.Text;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Passes the bytes of a response through and keeps a copy.</summary>
internal sealed class TappedStream(Stream inner) : Stream
{
    private readonly MemoryStream _read = new();

    /// <summary>The bytes read so far.</summary>
    public string Text
    {
        get
        {
            lock (_read)
            {
                return Encoding.UTF8.GetString(_read.ToArray());
            }
        }
    }

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
        var count = await inner.ReadAsync(buffer, cancellationToken);
        lock (_read)
        {
            _read.Write(buffer.Span[..count]);
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
