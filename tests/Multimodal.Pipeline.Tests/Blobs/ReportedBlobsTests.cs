using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Blobs;

/// <summary>The log of an outage.</summary>
public sealed class ReportedBlobsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly CollectingLogger _log = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_StoreUnavailableForAWhile_IsLoggedOnceAtTheStartAndOnceAtTheEnd()
    {
        var (path, id) = (_folder.At("blobs"), Guid.NewGuid());
        using var store = new ReportedBlobs(new BlobFolder(path), _time, _log);
        await File.WriteAllTextAsync(path, "");

        await Assert.ThrowsAsync<BlobStoreException>(() => store.WriteAsync("t", id, Modality.Text, new byte[1], default));
        await Assert.ThrowsAsync<BlobStoreException>(() => store.WriteAsync("t", id, Modality.Text, new byte[1], default));
        _time.Advance(TimeSpan.FromSeconds(90));
        File.Delete(path);
        await store.WriteAsync("t", id, Modality.Text, new byte[1], default);
        await store.WriteAsync("t", id, Modality.Text, new byte[1], default);

        Assert.Equal([LogLevel.Warning, LogLevel.Information], _log.Lines.Select(line => line.Level));
        Assert.Contains("failed to write", _log.Lines[0].Message, StringComparison.Ordinal);
        Assert.Contains("90.0 s", _log.Lines[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_StoreWorks_LogsNothing()
    {
        using var store = new ReportedBlobs(new BlobFolder(_folder.At("blobs")), _time, _log);

        var key = await store.WriteAsync("t", Guid.NewGuid(), Modality.Text, new byte[1], default);
        await using var content = await store.OpenAsync(key, default);

        Assert.NotNull(content);
        Assert.Empty(_log.Lines);
    }
}
