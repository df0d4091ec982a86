using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Multimodal.Bench.Fuzz.Gateway;

/// <summary>A connection on which any bytes can be sent. <c>HttpClient</c> would refuse or correct most of them.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[65_536];
    private int _start;
    private int _end;

    /// <summary>Connects.</summary>
    public async Task ConnectAsync(Uri gateway, CancellationToken cancellationToken) =>
        await _socket.ConnectAsync(IPAddress.Parse(gateway.Host), gateway.Port, cancellationToken);

    /// <summary>Sends a request. A server that refuses it may close the connection meanwhile.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
            }
        }
        catch (SocketException)
        {
            // The reply, if there is one, has arrived.
        }
    }

    /// <summary>Tells the server that nothing follows.</summary>
    public void End()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server closed the connection.
        }
    }

    /// <summary>Whether bytes arrive within a time.</summary>
    public bool HasReply(TimeSpan wait)
    {
        try
        {
            return _end > _start || _socket.Poll(wait, SelectMode.SelectRead);
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>Reads a reply.</summary>
    public async Task<RawReply> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var status = await LineAsync(cancellationToken);
                if (!status.StartsWith("HTTP/1.", StringComparison.Ordinal)
                    || !int.TryParse(status.AsSpan(9, Math.Min(3, status.Length - 9)), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                {
                    return RawReply.Closed;
                }

                var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                while (await LineAsync(cancellationToken) is { Length: > 0 } line)
                {
                    var colon = line.IndexOf(':', StringComparison.Ordinal);
                    headers[line[..colon]] = line[(colon + 1)..].Trim();
                }

                if (code >= 200)
                {
                    return await BodyAsync(code, headers, cancellationToken);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException or ArgumentOutOfRangeException)
        {
            return RawReply.Closed;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<RawReply> BodyAsync(int code, Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        var canReuse = !headers.TryGetValue("Connection", out var connection) || !connection.Equals("close", StringComparison.OrdinalIgnoreCase);
        using var body = new MemoryStream();
        if (headers.TryGetValue("Content-Length", out var length))
        {
            await CopyAsync(body, int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        }
        else if (headers.ContainsKey("Transfer-Encoding"))
        {
            while (int.Parse(await LineAsync(cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var size and > 0)
            {
                await CopyAsync(body, size, cancellationToken);
                await LineAsync(cancellationToken);
            }

            await LineAsync(cancellationToken);
        }

        return new RawReply(code, body.ToArray(), canReuse);
    }

    private async Task CopyAsync(MemoryStream body, int count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            await FillAsync(cancellationToken);
            var part = Math.Min(count, _end - _start);
            body.Write(_buffer, _start, part);
            (_start, count) = (_start + part, count - part);
        }
    }

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            await FillAsync(cancellationToken);
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var count = end < 0 ? _end - _start : end + 1;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, count));
            _start += count;
            if (end >= 0)
            {
                return line.ToString().TrimEnd('\r', '\n');
            }
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(), cancellationToken);
            (_start, _end) = read > 0 ? (0, read) : throw new EndOfStreamException();
        }
    }
}
