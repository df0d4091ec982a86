using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Multimodal.Pipeline.Gateway.Secrets;

namespace Multimodal.Pipeline.Gateway.Webhooks;

/// <summary>
/// Posts results to addresses that clients chose and that are not trusted. It follows no redirects, stores no cookies, uses no proxy,
/// limits the time and ignores the response body. It connects to exactly the IP addresses that it checked.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);
    private readonly WebhookOptions _options;
    private readonly SecretProtector _secrets;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    /// <param name="options">Allowed targets and timeout.</param>
    /// <param name="secrets">Decrypts the secrets.</param>
    /// <param name="time">The clock.</param>
    public WebhookClient(WebhookOptions options, SecretProtector secrets, TimeProvider time)
    {
        (_options, _secrets, _time) = (options, secrets, time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = ConnectionLifetime,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 16_384,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Posts a result once.</summary>
    /// <returns>Whether the receiver accepted it (status 2xx), and the status or a short code for the error.</returns>
    public async Task<(bool IsAccepted, string Outcome)> PostAsync(DueDelivery delivery, CancellationToken cancellationToken)
    {
        if (!WebhookSignature.TryReadKey(_secrets.TryRead(delivery.Tenant, delivery.Subscription, delivery.Secret), out var key))
        {
            return (false, "secret-unreadable");
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TimeoutSeconds), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = Request(delivery, key);
            using var response = await _http.SendAsync(request, either.Token);
            return (response.IsSuccessStatusCode, ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return (false, "timeout");
        }
        catch (HttpRequestException exception)
        {
            return (false, exception.InnerException is TargetNotAllowedException ? "target-not-allowed" : "connection-failed");
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(DueDelivery delivery, byte[] key)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Result);
        var id = delivery.RequestId.ToString();
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, delivery.Url)
        {
            Content = content,
            Headers =
            {
                { "webhook-id", id },
                { "webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", WebhookSignature.Sign(key, id, timestamp, body) },
                { "user-agent", "Multimodal" },
            },
        };
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        if (!_options.AllowPrivateTargets && !Array.TrueForAll(addresses, WebhookTarget.IsPublic))
        {
            throw new TargetNotAllowedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class TargetNotAllowedException() : IOException("The webhook's host resolves to an address that is not public.");
}
