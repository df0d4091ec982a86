using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Blobs;

/// <summary>
/// A blob store that logs the start and the end of an outage, instead of one entry for each failed call. An outage ends when a payload is written or
/// read. Thread-safe.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="time">Measures the outage.</param>
/// <param name="logger">Receives the two entries.</param>
internal sealed partial class ReportedBlobs(IBlobStore store, TimeProvider time, ILogger logger) : IBlobStore, IDisposable
{
    private readonly Lock _lock = new();
    private bool _isOut;
    private long _start;

    public Task<string> WriteAsync(string tenant, Guid request, Modality modality, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        CallAsync(() => store.WriteAsync(tenant, request, modality, content, cancellationToken));

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken) => CallAsync(() => store.OpenAsync(key, cancellationToken));

    public async Task DeleteAsync(string tenant, Guid request, CancellationToken cancellationToken)
    {
        try
        {
            await store.DeleteAsync(tenant, request, cancellationToken);
        }
        catch (BlobStoreException exception)
        {
            Failed(exception);
            throw;
        }
    }

    public IAsyncEnumerable<(string Tenant, Guid Request)> RequestsAsync(DateTimeOffset unchangedSince, CancellationToken cancellationToken) =>
        store.RequestsAsync(unchangedSince, cancellationToken);

    public void Dispose() => (store as IDisposable)?.Dispose();

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            var result = await call();
            Worked();
            return result;
        }
        catch (BlobStoreException exception)
        {
            Failed(exception);
            throw;
        }
    }

    private void Failed(BlobStoreException exception)
    {
        lock (_lock)
        {
            if (_isOut)
            {
                return;
            }

            (_isOut, _start) = (true, time.GetTimestamp());
        }

        LogUnavailable(exception.Message);
    }

    private void Worked()
    {
        if (!Volatile.Read(ref _isOut))
        {
            return;
        }

        lock (_lock)
        {
            if (!_isOut)
            {
                return;
            }

            _isOut = false;
        }

        var seconds = time.GetElapsedTime(_start).TotalSeconds;
        LogAvailable(seconds);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The blob store is unavailable. Requests with large parts are refused with 503, and experts decline payloads that they cannot read. {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The blob store is available again after {Seconds:0.0} s.")]
    private partial void LogAvailable(double seconds);
}
