using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Blobs;

/// <summary>
/// A blob store of files. Writes a temporary file, flushes it to disk and renames it, so that a payload's file is always complete.
/// </summary>
/// <param name="root">The folder; created if missing.</param>
internal sealed class BlobFolder(string root) : IBlobStore
{
    public async Task<string> WriteAsync(string tenant, Guid request, Modality modality, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var key = BlobKey.Of(tenant, request, modality);
        var path = PathOf(key);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var temporary = path + ".part";
            await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 0, useAsync: true))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw Failed("write", exception);
        }

        PipelineMetrics.BlobWritten(content.Length);
        return key;
    }

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, useAsync: true));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw Failed("read", exception);
        }
    }

    public Task DeleteAsync(string tenant, Guid request, CancellationToken cancellationToken)
    {
        var folder = PathOf($"{tenant}/{request:n}");
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            return Task.CompletedTask;
        }
        catch (DirectoryNotFoundException)
        {
            // Another gateway deleted it first.
            return Task.CompletedTask;
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw Failed("delete", exception);
        }
    }

    public async IAsyncEnumerable<(string Tenant, Guid Request)> RequestsAsync(
        DateTimeOffset unchangedSince, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var tenant in Directory.Exists(root) ? Directory.EnumerateDirectories(root) : [])
        {
            foreach (var request in Directory.EnumerateDirectories(tenant))
            {
                if (Guid.TryParseExact(Path.GetFileName(request), "n", out var id) && Directory.GetLastWriteTimeUtc(request) <= unchangedSince)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return (Path.GetFileName(tenant), id);
                }
            }
        }
    }

    private static bool IsFileError(Exception exception) => exception is IOException or UnauthorizedAccessException;

    private static BlobStoreException Failed(string operation, Exception exception)
    {
        PipelineMetrics.BlobFailed(operation);
        return new BlobStoreException(operation, exception);
    }

    private string PathOf(string key)
    {
        var path = Path.GetFullPath(Path.Combine(root, key));
        return path.StartsWith(Path.GetFullPath(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"The key '{key}' points outside the blob folder.", nameof(key));
    }
}
