using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Calls over a socket, byte for byte as written: HttpClient refuses or repairs much of what clients send.</summary>
internal static class RawCall
{
    /// <summary>Posts a request and reads the response.</summary>
    /// <param name="host">The gateway.</param>
    /// <param name="headers">Header lines without the last line break.</param>
    /// <param name="body">The body.</param>
    /// <param name="query">The query string with its question mark.</param>
    public static async Task<Reply> PostAsync(this PipelineHost host, string headers, byte[] body, string query = "")
    {
        var address = host.Http.BaseAddress!;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST /v1/requests{query} HTTP/1.1\r\nHost: {address.Host}\r\nPrefer: wait=30\r\nConnection: close\r\n{headers}\r\nContent-Length: {body.Length}\r\n\r\n");
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(head));
        await client.GetStream().WriteAsync(body);
        return Parse(await ReadAsync(client));
    }

    /// <summary>Posts a multipart form with the boundary <c>b</c>.</summary>
    /// <param name="host">The gateway.</param>
    /// <param name="parts">The parts: header lines, an empty line and the content.</param>
    public static Task<Reply> PostFormAsync(this PipelineHost host, params string[] parts) => host.PostFormAsync("Accept: */*", parts);

    public static Task<Reply> PostFormAsync(this PipelineHost host, string header, string[] parts) =>
        host.PostAsync($"{header}\r\nContent-Type: multipart/form-data; boundary=b", Form("b", parts));

    /// <summary>The bytes of a multipart form. Characters are bytes (Latin-1).</summary>
    public static byte[] Form(string boundary, params string[] parts) =>
        Encoding.Latin1.GetBytes(string.Concat(parts.Select(part => $"--{boundary}\r\n{part}\r\n")) + $"--{boundary}--\r\n");

    /// <summary>A part with a field.</summary>
    public static string Part(string name, string content, string more = "") => $"Content-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{content}";

    private static async Task<string> ReadAsync(TcpClient client)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(timeout.Token);
    }

    private static Reply Parse(string response)
    {
        var end = response.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = response[..end].Split("\r\n");
        using var message = new HttpResponseMessage();
        string? type = null;
        foreach (var line in lines.Skip(1))
        {
            var (name, value) = (line.Split(':')[0], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            type = name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) ? value.Split(';')[0] : type;
            message.Headers.TryAddWithoutValidation(name, value);
        }

        var body = response[(end + 4)..];
        if (message.Headers.TransferEncodingChunked == true)
        {
            body = body[(body.IndexOf("\r\n", StringComparison.Ordinal) + 2)..body.LastIndexOf("\r\n0\r\n", StringComparison.Ordinal)];
        }

        return new Reply(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), message.Headers, type, body);
    }
}
