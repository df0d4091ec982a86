using System.Security.Cryptography;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;

namespace Multimodal.Pipeline.Tests.Blobs;

/// <summary>The contract of every blob store.</summary>
public abstract class BlobStoreScenarios
{
    private static readonly DateTimeOffset Ever = DateTimeOffset.MaxValue;

    private protected abstract IBlobStore Store { get; }

    [Fact]
    public async Task Write_Read_GivesTheSameBytes()
    {
        foreach (var size in new[] { 0, 1, 5000, 3_000_000 })
        {
            var (request, content) = (Guid.NewGuid(), Bytes(size));
            var key = await Store.WriteAsync("t", request, Modality.Image, content, default);

            Assert.Equal($"t/{request:n}/image", key);
            Assert.Equal(content, await Store.ReadAsync(Part(key, content), default));
        }
    }

    [Fact]
    public async Task Write_Again_Replaces()
    {
        var (request, first, second) = (Guid.NewGuid(), Bytes(100), Bytes(70, seed: 2));
        await Store.WriteAsync("t", request, Modality.Audio, first, default);
        var key = await Store.WriteAsync("t", request, Modality.Audio, second, default);

        Assert.Null(await Store.ReadAsync(Part(key, first), default));
        Assert.Equal(second, await Store.ReadAsync(Part(key, second), default));
    }

    [Fact]
    public async Task Read_GoneOrNotWhatWasStored_IsNull()
    {
        var content = Bytes(5000);
        var key = await Store.WriteAsync("t", Guid.NewGuid(), Modality.Image, content, default);

        Assert.Null(await Store.ReadAsync(Part($"t/{Guid.NewGuid():n}/image", content), default));
        Assert.Null(await Store.ReadAsync(Part(key, content) with { Length = 4999 }, default));
        Assert.Null(await Store.ReadAsync(Part(key, content) with { Length = 5001 }, default));
        Assert.Null(await Store.ReadAsync(Part(key, content) with { Sha256 = new string('0', 64) }, default));
    }

    [Fact]
    public async Task Delete_Request_RemovesAllItsPayloadsAndNoOthers()
    {
        var (gone, stays, content) = (Guid.NewGuid(), Guid.NewGuid(), Bytes(10));
        var keys = new List<string>();
        foreach (var modality in Enum.GetValues<Modality>())
        {
            keys.Add(await Store.WriteAsync("t", gone, modality, content, default));
        }

        var other = await Store.WriteAsync("t", stays, Modality.Text, content, default);
        var others = await Store.WriteAsync("u", gone, Modality.Text, content, default);

        await Store.DeleteAsync("t", gone, default);
        await Store.DeleteAsync("t", gone, default);

        foreach (var key in keys)
        {
            Assert.Null(await Store.ReadAsync(Part(key, content), default));
        }

        Assert.NotNull(await Store.ReadAsync(Part(other, content), default));
        Assert.NotNull(await Store.ReadAsync(Part(others, content), default));
    }

    [Fact]
    public async Task Requests_WithPayloads_AreListedOnceByAge()
    {
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        await Store.WriteAsync("list", one, Modality.Text, Bytes(1), default);
        await Store.WriteAsync("list", one, Modality.Image, Bytes(1), default);
        await Store.WriteAsync("list", two, Modality.Image, Bytes(1), default);

        var all = await ListAsync(Ever);
        var old = await ListAsync(DateTimeOffset.UnixEpoch);

        Assert.Equal(new[] { one, two }.Order(), all.Order());
        Assert.Empty(old);
    }

    private async Task<List<Guid>> ListAsync(DateTimeOffset unchangedSince)
    {
        var found = new List<Guid>();
        await foreach (var (tenant, request) in Store.RequestsAsync(unchangedSince, default))
        {
            if (tenant == "list")
            {
                found.Add(request);
            }
        }

        return found;
    }

    private protected static MediaPart Part(string key, byte[] content) => new()
    {
        Modality = Modality.Image,
        MediaType = "image/png",
        Length = content.Length,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
        Blob = key,
    };

    private protected static byte[] Bytes(int size, int seed = 1)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
