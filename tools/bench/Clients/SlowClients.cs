using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Multimodal.Bench.Services;

namespace Multimodal.Bench.Clients;

/// <summary>Clients that upload an image at a low rate, and start again when the gateway refuses it.</summary>
internal sealed class SlowClients(StackService gateway, TimeProvider time) : IAsyncDisposable
{
    private const int BodyBytes = 1_000_000;

    private readonly ConcurrentDictionary<string, int> _ends = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>How uploads ended: a status code or <c>closed</c>, and how often.</summary>
    public IReadOnlyDictionary<string, int> Ends => _ends;

    /// <summary>Starts the clients.</summary>
    /// <param name="count">How many.</param>
    /// <param name="bytesPerSecond">Rate of each one.</param>
    public void Start(int count, int bytesPerSecond) =>
        _running = Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => RunAsync(bytesPerSecond, _stop.Token))));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(int bytesPerSecond, CancellationToken cancellationToken)
    {
        using var http = gateway.NewClient(Timeout.InfiniteTimeSpan);
        while (!cancellationToken.IsCancellationRequested)
        {
            using var image = new SlowContent(BodyBytes, bytesPerSecond, time);
            image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            using var form = new MultipartFormDataContent { { image, "image", "slow.png" } };
            var end = await PostAsync(http, form, cancellationToken);
            if (!cancellationToken.IsCancellationRequested)
            {
                _ends.AddOrUpdate(end, 1, (_, count) => count + 1);
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, CancellationToken.None);
            }
        }
    }

    private static async Task<string> PostAsync(HttpClient http, HttpContent form, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.PostAsync(new Uri("v1/requests", UriKind.Relative), form, cancellationToken);
            return ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            // The client throws a SocketException if the gateway dies while it connects.
            return "closed";
        }
    }

    /// <summary>Bytes that are sent a tenth of a second at a time.</summary>
    private sealed class SlowContent(int length, int bytesPerSecond, TimeProvider time) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var piece = new byte[Math.Max(1, bytesPerSecond / 10)];
            for (var sent = 0; sent < length; sent += piece.Length)
            {
                await stream.WriteAsync(piece.AsMemory(..Math.Min(piece.Length, length - sent)), cancellationToken);
                await stream.FlushAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long bytes)
        {
            bytes = length;
            return true;
        }
    }
}
