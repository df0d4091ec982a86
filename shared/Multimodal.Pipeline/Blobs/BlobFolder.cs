using System.Security.Cryptography;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Blobs;

/// <summary>
/// Payloads as files, <c>tenant/request/modality</c>, so that a tenant's and a request's payloads can be found and removed together.
/// A file appears under its name only when it is whole and on disk: written beside, flushed, renamed.
/// </summary>
/// <param name="root">The folder; made when missing.</param>
internal sealed class BlobFolder(string root)
{
    /// <summary>Stores one payload.</summary>
    /// <returns>Its key.</returns>
    /// <exception cref="IOException">The disk is full or fails; nothing is left behind under the key.</exception>
    public async Task<string> WriteAsync(string tenant, Guid request, Modality modality, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var key = $"{tenant}/{request:n}/{modality.ToString().ToLowerInvariant()}";
        var path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + ".part";
        await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 0, useAsync: true))
        {
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        PipelineMetrics.BlobWritten(content.Length);
        return key;
    }

    /// <summary>The bytes of a part, from the message or from its file.</summary>
    /// <returns>Null when the file is gone or its SHA-256 is not the one in the message.</returns>
    public async Task<byte[]?> ReadAsync(MediaPart part, CancellationToken cancellationToken)
    {
        try
        {
            var content = part.Inline ?? (part.Blob is null ? null : await File.ReadAllBytesAsync(PathOf(part.Blob), cancellationToken));
            PipelineMetrics.BlobRead(part.Inline is null ? content?.Length ?? 0 : 0);
            return content is not null && Convert.ToHexStringLower(SHA256.HashData(content)) == part.Sha256 ? content : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes all payloads of a request; harmless when there are none.</summary>
    public void Delete(string tenant, Guid request)
    {
        var folder = PathOf($"{tenant}/{request:n}");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Every request that has payloads here, whole or not, unchanged since the given moment.</summary>
    public IEnumerable<(string Tenant, Guid Request)> Requests(DateTimeOffset unchangedSince)
    {
        if (!Directory.Exists(root))
        {
            yield break;
        }

        foreach (var tenant in Directory.EnumerateDirectories(root))
        {
            foreach (var request in Directory.EnumerateDirectories(tenant))
            {
                if (Guid.TryParseExact(Path.GetFileName(request), "n", out var id) && Directory.GetLastWriteTimeUtc(request) <= unchangedSince)
                {
                    yield return (Path.GetFileName(tenant), id);
                }
            }
        }
    }

    private string PathOf(string key)
    {
        var path = Path.GetFullPath(Path.Combine(root, key));
        return path.StartsWith(Path.GetFullPath(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"The key '{key}' points outside the blob folder.", nameof(key));
    }
}
