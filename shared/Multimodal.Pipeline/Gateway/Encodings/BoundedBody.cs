namespace Multimodal.Pipeline.Gateway.Encodings;

/// <summary>Reads a stream into memory.</summary>
internal static class BoundedBody
{
    /// <returns>Null if the stream exceeds the limit; the rest is not read.</returns>
    public static async Task<byte[]?> ReadAsync(Stream body, int limit, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16_384];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > limit)
            {
                return null;
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
