using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Hosting.Server;

/// <summary>
/// Serves HTTP/2 without TLS on the port of HTTP/1.1 (RFC 9113, section 3.3). Without TLS, Kestrel speaks one protocol per port. This middleware reads
/// the first bytes of a connection: only a client that knows that it may use HTTP/2 sends the preface.
/// </summary>
internal sealed class PriorKnowledge(HttpOptions options, TimeProvider time)
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Selects the protocol of a connection.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        // Kestrel's own timeouts and its stop begin after this middleware.
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.IdleSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, closing);
        try
        {
            if (await BeginsWithPrefaceAsync(connection, timeout, either.Token))
            {
                var negotiated = new NegotiatedHttp2();
                connection.Features.Set<ITlsApplicationProtocolFeature>(negotiated);
                connection.Features.Set<ITlsConnectionFeature>(negotiated);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ConnectionResetException or ConnectionAbortedException)
        {
            return;
        }

        await next(connection);
    }

    private async Task<bool> BeginsWithPrefaceAsync(ConnectionContext connection, CancellationTokenSource timeout, CancellationToken cancellationToken)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var isPreface = Compare(read.Buffer);
            if (isPreface is not null || read.IsCompleted)
            {
                // Nothing is consumed: the next reader starts at the first byte.
                input.AdvanceTo(read.Buffer.Start);
                return isPreface == true;
            }

            if (!read.Buffer.IsEmpty)
            {
                timeout.CancelAfter(TimeSpan.FromSeconds(options.HeaderSeconds));
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <returns>Null while the bytes received so far do not tell.</returns>
    private static bool? Compare(ReadOnlySequence<byte> received)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(received.Length, Preface.Length)];
        received.Slice(0, start.Length).CopyTo(start);
        return !Preface.StartsWith(start) ? false : start.Length == Preface.Length ? true : null;
    }
}
