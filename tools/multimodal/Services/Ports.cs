using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Multimodal.Tool.Services;

/// <summary>Free ports of the loopback interface.</summary>
internal static class Ports
{
    private const int First = 10_000;

    // The range is 32,768 to 60,999 by default.
    private const string OutgoingRange = "/proc/sys/net/ipv4/ip_local_port_range";

    private static int s_next = Environment.ProcessId * 97;

    /// <summary>
    /// Finds a port without a listener, below the range of outgoing connections. A service takes seconds to start, and meanwhile any client
    /// on the machine could get a port of that range.
    /// </summary>
    /// <exception cref="InvalidOperationException">All ports are in use.</exception>
    public static int Free()
    {
        var outgoing = FirstOutgoing();
        for (var tried = First; tried < outgoing; tried++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref s_next) % (uint)(outgoing - First));
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No port from {First} to {outgoing - 1} is free.");
    }

    /// <summary>The lowest port of outgoing connections, or a high port if almost none is below that.</summary>
    internal static int FirstOutgoing()
    {
        var first = File.Exists(OutgoingRange) ? int.Parse(File.ReadAllText(OutgoingRange).Split()[0], CultureInfo.InvariantCulture) : 32_768;

        return first > First + 1000 ? first : 60_000;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
