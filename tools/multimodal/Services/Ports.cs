using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Multimodal.Tool.Services;

/// <summary>Ports of the loopback interface.</summary>
internal static class Ports
{
    private const int First = 10_000;

    // 32,768 to 60,999 unless the machine says otherwise.
    private const string OutgoingRange = "/proc/sys/net/ipv4/ip_local_port_range";

    private static int s_next = Environment.ProcessId * 97;

    /// <summary>
    /// A port that nobody listens on at this moment and that no outgoing connection is given: between being found here and being listened on
    /// by a process that takes seconds to start, any client on the machine could have been given a port of the range for those.
    /// </summary>
    /// <exception cref="InvalidOperationException">Every port is taken.</exception>
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

    /// <summary>The lowest port that the system gives to outgoing connections; where hardly any is below it, a high one all the same.</summary>
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
