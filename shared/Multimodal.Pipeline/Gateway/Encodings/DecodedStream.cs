using Multimodal.Pipeline.Gateway.Http;
using ZstdSharp;

namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>A body while it is decompressed. Refuses one that is damaged, and one that becomes too large, without reading the rest.</summary>
/// <param name="coding">The coding's name.</param>
/// <param name="decoder">The decompressor.</param>
/// <param name="limit">The maximum number of decoded bytes.</param>
internal sealed class DecodedStream(string coding, Stream decoder, int limit) : ReadOnlyBody
{
    private long _count;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await decoder.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or EndOfStreamException or ZstdException)
        {
            throw new RefusedBodyException(Problems.InvalidCoding(coding));
        }

        _count += read;
        return _count <= limit ? read : throw new RefusedBodyException(Problems.DecodedTooLarge(limit));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder.Dispose();
        }

        base.Dispose(disposing);
    }
}
