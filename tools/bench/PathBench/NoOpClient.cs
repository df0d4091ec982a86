using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Multimodal.Bench.PathBench;

/// <summary>Posts requests to the no-op ensemble.</summary>
/// <param name="http">The gateway.</param>
/// <param name="time">The clock.</param>
internal sealed class NoOpClient(HttpClient http, TimeProvider time)
{
    private static readonly byte[] Body = JsonSerializer.SerializeToUtf8Bytes(new { text = NoOpEnsemble.Text, options = new { ensemble = NoOpEnsemble.Name } });
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Posts one request and reads its answer.</summary>
    /// <returns>Its id, and its start and end in milliseconds since 1970.</returns>
    public async Task<(string Id, double Start, double End)> AskAsync(CancellationToken cancellationToken)
    {
        var start = time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = new ByteArrayContent(Body) { Headers = { ContentType = Json } } };
        request.Headers.Add("Prefer", "wait=30");
        using var response = await http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var end = time.GetUtcNow();
        using var answer = JsonDocument.Parse(body);
        return response.StatusCode == HttpStatusCode.OK && answer.RootElement.GetProperty("status").ValueEquals("completed")
            ? (answer.RootElement.GetProperty("id").GetString()!, Milliseconds(start), Milliseconds(end))
            : throw new InvalidDataException($"The gateway answered {(int)response.StatusCode}: {answer.RootElement}");
    }

    private static double Milliseconds(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}
