using System.Net;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Blobs;

/// <summary>The blob store in an S3 bucket.</summary>
public sealed class S3BlobsTests : BlobStoreScenarios, IAsyncLifetime
{
    private readonly S3Server _server = new();
    private readonly ScratchFolder _folder = new();
    private readonly S3Blobs _store;

    public S3BlobsTests() => _store = new S3Blobs(Options());

    private protected override IBlobStore Store => _store;

    public async ValueTask InitializeAsync() => await _server.StartAsync();


    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Delete_Request_IsOneCall()
    {
        await _store.WriteAsync("t", Guid.NewGuid(), Modality.Text, Bytes(1), default);
        await _store.DeleteAsync("t", Guid.NewGuid(), default);

        Assert.Equal((1, 1), (_server.Calls["put"], _server.Calls["delete"]));
    }

    [Fact]
    public async Task Requests_MoreThanAPage_AreAllListed()
    {
        var requests = Enumerable.Range(0, 7).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var request in requests)
        {
            await _store.WriteAsync("t", request, Modality.Text, Bytes(1), default);
            await _store.WriteAsync("t", request, Modality.Image, Bytes(1), default);
        }

        Assert.Equal(requests.Order(), (await ListAsync()).Order());
        Assert.Equal(5, _server.Calls["list"]);
    }

    [Fact]
    public async Task Read_CorruptInTheStore_IsNull()
    {
        var content = Bytes(100);
        var key = await _store.WriteAsync("t", Guid.NewGuid(), Modality.Image, content, default);
        _server.Corrupt("payloads/" + key);

        Assert.Null(await _store.ReadAsync(Part(key, content), default));
    }

    [Fact]
    public async Task Write_WrongSecret_IsRefusedByTheServer()
    {
        var options = Options();
        options.SecretKey = "wrong";
        using var intruder = new S3Blobs(options);

        var failure = await Assert.ThrowsAsync<BlobStoreException>(() => intruder.WriteAsync("t", Guid.NewGuid(), Modality.Text, Bytes(10), default));

        Assert.Equal(HttpStatusCode.Forbidden, Assert.IsType<Amazon.S3.AmazonS3Exception>(failure.InnerException).StatusCode);
    }

    [Fact]
    public async Task Read_NoSuchBucket_IsAFailureAndNotAMissingPayload()
    {
        var options = Options();
        options.Bucket = "no-such-bucket";
        using var lost = new S3Blobs(options);

        await Assert.ThrowsAsync<BlobStoreException>(() => lost.OpenAsync("t/x/image", default));
    }

    [Fact]
    public async Task Post_Image_IsInTheBucketUntilTheAnswer()
    {
        var release = new TaskCompletionSource();
        var expert = ScriptedExpert.Waits("i", Modality.Image, release.Task, 0.8, 0.1, 0.1);
        await using var host = await StartAsync(expert);

        var receipt = await host.Http.PostAsync(image: SampleMedia.Png(100), wait: null);
        var during = await ListAsync();
        var key = Assert.Single(_server.Keys);
        release.SetResult();
        var reply = await host.Http.ReadAsync($"v1/requests/{receipt.Id}", wait: 30);
        await host.DisposeAsync();

        Assert.Equal([Guid.Parse(receipt.Id)], during);
        Assert.Equal($"payloads/default/{Guid.Parse(receipt.Id):n}/image", key);
        Assert.Equal("completed", reply.Text("status"));
        Assert.Equal(SampleMedia.Png(100), Assert.Single(expert.Media));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Start_PayloadsWithoutARequest_AreRemoved()
    {
        await _store.WriteAsync("default", Guid.NewGuid(), Modality.Image, Bytes(10), default);

        await using var host = await StartAsync(ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1));

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Post_ServerAway_IsRefusedAtTheGatewayAndDeclinedByTheExpert()
    {
        var (busy, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var expert = new ScriptedExpert("i", Modality.Image, async (_, _) =>
        {
            busy.TrySetResult();
            await release.Task;
            return ScriptedExpert.Opinion(0.8, 0.1, 0.1);
        });
        await using var host = await StartAsync(expert, ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1));

        // The second request is still in the expert's queue when the server stops.
        var first = await host.Http.PostAsync(image: SampleMedia.Png(100), wait: null);
        await busy.Task;
        var second = await host.Http.PostAsync(image: SampleMedia.Png(100), wait: null);
        await _server.StopAsync();

        // A worker in another process does not have the gateway's copy.
        host.Get<PartCache>().Remove(Guid.Parse(second.Id));
        var refused = await host.Http.PostAsync(image: SampleMedia.Png(100));
        var text = await host.Http.PostAsync("zero");
        release.SetResult();
        var answer = await host.Http.ReadAsync($"v1/requests/{second.Id}", wait: 30);

        Assert.Equal((503, "blobs-unavailable"), (refused.Status, refused.Code));
        Assert.NotEmpty(refused.Headers.GetValues("Retry-After"));
        Assert.Equal("completed", text.Text("status"));
        Assert.Equal(("failed", "declined", "media-unavailable"), (answer.Text("status"), answer.StateOf("i"), answer.ReasonOf("i")));
        Assert.Equal("completed", (await host.Http.ReadAsync($"v1/requests/{first.Id}", wait: 30)).Text("status"));
    }

    private S3Options Options() => new()
    {
        Endpoint = _server.Address,
        Bucket = S3Server.Bucket,
        Prefix = "payloads",
        PathStyle = true,
        AccessKey = S3Server.AccessKey,
        SecretKey = S3Server.Secret,
        Retries = 0,
    };

    private async Task<List<Guid>> ListAsync()
    {
        var found = new List<Guid>();
        await foreach (var (_, request) in _store.RequestsAsync(DateTimeOffset.MaxValue, default))
        {
            found.Add(request);
        }

        return found;
    }

    private Task<PipelineHost> StartAsync(params ScriptedExpert[] experts) => PipelineHost.StartAsync(
        _folder.Path,
        experts,
        ("Multimodal:Experts:Concurrency", "1"),
        ("Multimodal:Blobs:Kind", "s3"),
        ("Multimodal:Blobs:S3:Endpoint", _server.Address),
        ("Multimodal:Blobs:S3:Bucket", S3Server.Bucket),
        ("Multimodal:Blobs:S3:Prefix", "payloads"),
        ("Multimodal:Blobs:S3:PathStyle", "true"),
        ("Multimodal:Blobs:S3:AccessKey", S3Server.AccessKey),
        ("Multimodal:Blobs:S3:SecretKey", S3Server.Secret),
        ("Multimodal:Blobs:S3:Retries", "0"));
}
