using System.Collections;
using Microsoft.Extensions.Logging;

namespace Multimodal.Pipeline.Telemetry;

/// <summary>A log scope that adds a request's id to every log line.</summary>
/// <param name="request">The id.</param>
internal sealed class RequestScope(Guid request) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 1;

    public KeyValuePair<string, object?> this[int index] => new("RequestId", request);

    /// <summary>Begins the scope. Dispose the result to end it.</summary>
    public static IDisposable? Begin(ILogger logger, Guid request) => logger.BeginScope(new RequestScope(request));

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return this[0];
    }

    public override string ToString() => $"RequestId:{request}";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
