using System.Collections.Concurrent;
using System.Net.Sockets;
using Multimodal.Bench.Fuzz.Findings;
using Multimodal.Bench.Fuzz.Requests;
using Multimodal.Bench.Fuzz.Targets;

namespace Multimodal.Bench.Fuzz.Gateway;

/// <summary>Sends inputs to a gateway over several connections.</summary>
/// <param name="gateway">Its address.</param>
/// <param name="tally">Counts the outcomes.</param>
/// <param name="time">The clock.</param>
internal sealed class HttpFuzz(Uri gateway, FuzzTally tally, TimeProvider time) : IDisposable
{
    // Below the number of requests that a gateway always admits, so that overload does not hide outcomes.
    private const int Connections = 12;
    private const string NoReply = "no reply";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentBag<RawConnection> _idle = [];

    /// <summary>Sends inputs.</summary>
    public Task RunAsync(IEnumerable<FuzzInput> inputs, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        inputs,
        new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = cancellationToken },
        async (input, cancel) => await SendAsync(input, cancel));

    /// <summary>Sends one input.</summary>
    /// <returns>How it ended.</returns>
    public async Task<string> SendAsync(FuzzInput input, CancellationToken cancellationToken)
    {
        var isWhole = HttpMessage.IsWhole(input.Bytes);
        var start = time.GetTimestamp();
        var outcome = NoReply;
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var reply = await ExchangeAsync(input.Bytes, isWhole, either.Token);
            outcome = reply.Outcome;
            tally.Add(input, outcome, time.GetElapsedTime(start), reply.IsFailure || (isWhole && reply.Status == 0));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            tally.Add(input, outcome, time.GetElapsedTime(start), isFinding: true);
        }
        catch (SocketException exception)
        {
            outcome = $"no connection: {exception.SocketErrorCode}";
            tally.Add(input, outcome, time.GetElapsedTime(start), isFinding: true);
        }

        return outcome;
    }

    public void Dispose()
    {
        foreach (var connection in _idle)
        {
            connection.Dispose();
        }
    }

    private async Task<RawReply> ExchangeAsync(byte[] bytes, bool isWhole, CancellationToken cancellationToken)
    {
        if (isWhole && _idle.TryTake(out var used))
        {
            // The server may have closed an idle connection before it received the request.
            var reply = await ExchangeAsync(used, bytes, isWhole, cancellationToken);
            if (reply.Status != 0)
            {
                return reply;
            }
        }

        var connection = new RawConnection();
        await connection.ConnectAsync(gateway, cancellationToken);
        return await ExchangeAsync(connection, bytes, isWhole, cancellationToken);
    }

    private async Task<RawReply> ExchangeAsync(RawConnection connection, byte[] bytes, bool isWhole, CancellationToken cancellationToken)
    {
        var reply = RawReply.Closed;
        try
        {
            await connection.SendAsync(bytes, cancellationToken);
            if (!isWhole && !connection.HasReply(Early))
            {
                // The server waits for the rest, which does not follow.
                connection.End();
            }

            reply = await connection.ReadAsync(cancellationToken);
            return reply;
        }
        finally
        {
            if (isWhole && reply is { Status: > 0, CanReuse: true })
            {
                _idle.Add(connection);
            }
            else
            {
                connection.Dispose();
            }
        }
    }
}
