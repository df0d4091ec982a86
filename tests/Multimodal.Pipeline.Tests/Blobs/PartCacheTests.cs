using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;
using Multimodal.Pipeline.Blobs;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Blobs;

public sealed class PartCacheTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Guid _request = Guid.NewGuid();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_TwoExperts_ShareOneContent()
    {
        var (cache, part) = (Cache(), await StoredAsync(1, 10_000));

        var both = await Task.WhenAll(cache.ReadAsync(_request, part, default), cache.ReadAsync(_request, part, default));

        Assert.NotNull(both[0]);
        Assert.Same(both[0], both[1]);
        Assert.Equal(10_000, both[0]!.Bytes.Length);
    }

    [Fact]
    public async Task Read_PartOfTheGateway_IsNotReadFromTheStore()
    {
        var (cache, content) = (Cache(), new MediaContent(new byte[3]));
        var part = Part(new byte[3]) with { Blob = "missing" };

        cache.Add(_request, part.Sha256, content);

        Assert.Same(content, await cache.ReadAsync(_request, part, default));
        Assert.Null(await cache.ReadAsync(Guid.NewGuid(), part, default));
    }

    [Fact]
    public async Task Remove_AnsweredRequest_FreesItsParts()
    {
        var (cache, part) = (Cache(), await StoredAsync(1, 10));
        await cache.ReadAsync(_request, part, default);

        cache.Remove(_request);

        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task Read_StoreFails_IsTriedAgain()
    {
        var (cache, part) = (Cache(), await StoredAsync(1, 10));
        var path = _folder.At("blobs", part.Blob!);
        File.Move(path, path + ".kept");
        Directory.CreateDirectory(path);
        await Assert.ThrowsAsync<BlobStoreException>(() => cache.ReadAsync(_request, part, default));

        Directory.Delete(path);
        File.Move(path + ".kept", path);

        Assert.NotNull(await cache.ReadAsync(_request, part, default));
    }

    [Fact]
    public async Task Read_ManyOrOldParts_AreDropped()
    {
        var cache = Cache();
        for (var number = 0; number < 100; number++)
        {
            cache.Add(Guid.NewGuid(), "digest", new MediaContent(new byte[1 << 20]));
        }

        Assert.InRange(cache.Count, 1, 64);
        _time.Advance(TimeSpan.FromSeconds(11));
        await cache.ReadAsync(_request, await StoredAsync(1, 10), default);
        Assert.Equal(1, cache.Count);
    }

    private PartCache Cache() => new(new BlobFolder(_folder.At("blobs")), _time);

    private async Task<MediaPart> StoredAsync(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return Part(bytes) with { Blob = await new BlobFolder(_folder.At("blobs")).WriteAsync("t", _request, Modality.Image, bytes, default) };
    }

    private static MediaPart Part(byte[] bytes) => new()
    {
        Modality = Modality.Image,
        MediaType = "image/png",
        Length = bytes.Length,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
    };
}
