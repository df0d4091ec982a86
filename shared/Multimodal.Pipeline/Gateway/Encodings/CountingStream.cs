namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>Counts the bytes read from a stream.</summary>
internal sealed class CountingStream(Stream stream) : ReadOnlyBody
{
    private long _count;

    /// <summary>Bytes read so far.</summary>
    public long Count => Volatile.Read(ref _count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        Volatile.Write(ref _count, _count + read);
        return read;
    }
}
