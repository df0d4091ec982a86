namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>Counts the bytes read from a stream.</summary>
/// <param name="stream">The stream.</param>
/// <param name="counted">Called after each read with the number of bytes so far; null for nothing.</param>
internal sealed class CountingStream(Stream stream, Action<long>? counted = null) : ReadOnlyBody
{
    private long _count;

    /// <summary>Bytes read so far.</summary>
    public long Count => Volatile.Read(ref _count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        Volatile.Write(ref _count, _count + read);
        counted?.Invoke(_count);
        return read;
    }
}
