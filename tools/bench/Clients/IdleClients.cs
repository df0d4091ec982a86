using System.Net;
using System.Net.Sockets;

namespace Multimodal.Bench.Clients;

/// <summary>Connections that send nothing, or a header that never ends.</summary>
internal sealed class IdleClients(Uri gateway) : IDisposable
{
    private readonly List<Socket> _sockets = [];

    /// <summary>Opens connections.</summary>
    /// <param name="count">How many.</param>
    /// <param name="address">The local address that they come from.</param>
    /// <param name="text">What each one sends, ASCII; may be empty.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    public async Task OpenAsync(int count, IPAddress address, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        for (var n = 0; n < count; n++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(socket);
            socket.Bind(new IPEndPoint(address, 0));
            try
            {
                await socket.ConnectAsync(IPAddress.Parse(gateway.Host), gateway.Port, cancellationToken);
                await socket.SendAsync(text, cancellationToken);
            }
            catch (SocketException)
            {
                // The gateway closed the connection.
            }
        }
    }

    /// <summary>The number of connections that the gateway has not closed.</summary>
    public int CountOpen() => _sockets.Count(IsOpen);

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    // A closed connection is readable and has no bytes.
    private static bool IsOpen(Socket socket)
    {
        try
        {
            return socket.Connected && !(socket.Poll(0, SelectMode.SelectRead) && socket.Receive(new byte[1], SocketFlags.Peek) == 0);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
