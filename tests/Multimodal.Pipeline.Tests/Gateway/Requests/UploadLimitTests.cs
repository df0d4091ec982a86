using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Gateway.Requests;

/// <summary>Uploads that are slow or stop.</summary>
public sealed class UploadLimitTests : IDisposable
{
    /// <summary>Larger than a small body. A slow upload sends a little more than a small body and stops.</summary>
    private static readonly byte[] Image = SampleMedia.Png(400);
    private const int SlowBytes = 70_000;
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Post_SlowUploadsRun_TakeNoAdmissionSlot()
    {
        await using var host = await StartAsync(("Multimodal:Gateway:MaxInFlight", "1"), ("Multimodal:Gateway:MinInFlight", "1"));
        using SlowUpload first = await SlowUpload.BeginAsync(host, Image), second = await SlowUpload.BeginAsync(host, Image);
        await UntilAsync(() => host.Get<UploadLimit>().Count == 2);

        for (var number = 0; number < 10; number++)
        {
            Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);
        }

        Assert.Equal(0, host.Get<AdmissionControl>().InFlight);
        await first.FinishAsync();
        Assert.StartsWith("HTTP/1.1 202", await first.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AllPlacesTakenBySlowUploads_TheSlowestYields()
    {
        await using var host = await StartAsync(("Multimodal:Http:MaxUploads", "1"));
        using var slow = await SlowUpload.BeginAsync(host, Image);
        await UntilAsync(() => host.Get<UploadLimit>().Count == 1);

        var fast = await PostUntilAcceptedAsync(host);

        Assert.Equal((200, "completed"), (fast.Status, fast.Text("status")));
        var yielded = await slow.ReadAsync();
        Assert.StartsWith("HTTP/1.1 408", yielded, StringComparison.Ordinal);
        Assert.Contains("upload-too-slow", yielded, StringComparison.Ordinal);
        Assert.Equal(0, host.Get<UploadLimit>().Count);
    }

    [Fact]
    public async Task Post_CompressedBodiesThatBecomeLarge_AreRefusedBeyondTheMemoryOfAllUploads()
    {
        await using var host = await StartAsync(("Multimodal:Http:UploadMemoryBytes", "1048576"));
        using var compressed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[8 << 20]);
        }

        using var content = new ByteArrayContent(compressed.ToArray());
        content.Headers.Add("Content-Type", "application/json");
        content.Headers.Add("Content-Encoding", "gzip");
        using var refused = await host.Http.PostAsync(new Uri("v1/requests", UriKind.Relative), content);
        var small = await host.Http.PostAsync("zero");

        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter is not null);
        Assert.Equal(200, small.Status);
        Assert.Equal(0, host.Get<UploadLimit>().Count);
    }

    [Fact]
    public async Task Post_AllPlacesTakenByFastUploads_IsRefusedAndSmallBodiesAreServed()
    {
        await using var host = await StartAsync(("Multimodal:Http:MaxUploads", "1"), ("Multimodal:Http:YieldBytesPerSecond", "1"));
        using var other = await SlowUpload.BeginAsync(host, Image);
        await UntilAsync(() => host.Get<UploadLimit>().Count == 1);

        var refused = await host.Http.PostAsync(image: Image);
        var small = await host.Http.PostAsync("zero");

        Assert.Equal((503, "overloaded"), (refused.Status, refused.Code));
        Assert.Equal(200, small.Status);
    }

    [Fact]
    public async Task Post_ManyUploadsThatRestart_OthersAreServed()
    {
        await using var host = await StartAsync(("Multimodal:Http:MaxUploads", "1"));
        for (var number = 0; number < 3; number++)
        {
            using var slow = await SlowUpload.BeginAsync(host, Image);
            await UntilAsync(() => host.Get<UploadLimit>().Count == 1);

            var fast = await PostUntilAcceptedAsync(host);

            Assert.Equal(200, fast.Status);
        }
    }

    [Fact]
    public async Task Post_BodyBelowTheMinimumRate_IsRefused()
    {
        await using var host = await StartAsync(("Multimodal:Http:MinUploadBytesPerSecond", "1000000"));
        using var slow = await SlowUpload.BeginAsync(host, Image);

        var reply = await slow.ReadAsync();

        Assert.StartsWith("HTTP/1.1 408", reply, StringComparison.Ordinal);
        Assert.Contains("upload-too-slow", reply, StringComparison.Ordinal);
    }

    /// <summary>
    /// Posts an image until it is accepted: a stopped upload yields as soon as its mean rate is below that of another one.
    /// </summary>
    private static async Task<Reply> PostUntilAcceptedAsync(PipelineHost host)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var reply = await host.Http.PostAsync(image: Image);
            if (reply.Status is not (408 or 503))
            {
                return reply;
            }

            timeout.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, timeout.Token);
        }
    }

    private async Task<PipelineHost> StartAsync(params (string, string)[] settings) => await PipelineHost.StartAsync(
        _folder.Path,
        [ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1), ScriptedExpert.Answers("i", Modality.Image, 0.8, 0.1, 0.1)],
        settings);

    /// <summary>A request whose body stops after its first bytes, on a socket of its own. HttpClient would not read a response before it has sent the body.</summary>
    private sealed class SlowUpload : IDisposable
    {
        private const string Boundary = "b";
        private readonly TcpClient _client = new();
        private readonly byte[] _body;

        private SlowUpload(byte[] image) => _body =
        [
            .. Encoding.ASCII.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\n"),
            .. image,
            .. Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n"),
        ];

        public static async Task<SlowUpload> BeginAsync(PipelineHost host, byte[] image)
        {
            var upload = new SlowUpload(image);
            var address = host.Http.BaseAddress!;
            await upload._client.ConnectAsync(address.Host, address.Port);
            var header = string.Create(
                CultureInfo.InvariantCulture,
                $"POST /v1/requests HTTP/1.1\r\nHost: {address.Host}\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary={Boundary}\r\nContent-Length: {upload._body.Length}\r\n\r\n");
            await upload._client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(header));
            await upload._client.GetStream().WriteAsync(upload._body.AsMemory(0, SlowBytes));
            return upload;
        }

        public async Task FinishAsync() => await _client.GetStream().WriteAsync(_body.AsMemory(SlowBytes));

        /// <summary>Reads the response until the server closes the connection.</summary>
        public async Task<string> ReadAsync()
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var text = new StringBuilder();
            var buffer = new byte[4096];
            try
            {
                int read;
                while ((read = await _client.GetStream().ReadAsync(buffer, timeout.Token)) > 0)
                {
                    text.Append(Encoding.UTF8.GetString(buffer, 0, read));
                }
            }
            catch (IOException)
            {
                // The server resets the connection because it has not read the whole body.
            }

            return text.ToString();
        }

        public void Dispose() => _client.Dispose();
    }
}
