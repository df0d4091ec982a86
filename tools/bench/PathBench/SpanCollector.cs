using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Multimodal.Bench.PathBench;

/// <summary>
/// Collects the spans that the services export: OTLP over HTTP, field numbers as in opentelemetry/proto/trace/v1/trace.proto.
/// </summary>
internal sealed class SpanCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly WebApplication _app;

    private SpanCollector(WebApplication app) => _app = app;

    /// <summary>Spans received so far, by request.</summary>
    public ILookup<string, Span> Spans => _spans.ToLookup(span => span.Request);

    /// <summary>Settings that make a service export to this collector.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Multimodal:Telemetry:Otlp:Endpoint"] = _app.Urls.First(),
        ["Multimodal:Telemetry:Otlp:Protocol"] = "http/protobuf",
        ["Multimodal:Telemetry:Otlp:Metrics"] = "false",
    };

    public static async Task<SpanCollector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new SpanCollector(app);
        app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            collector.Add(body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync(cancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Add(byte[] export)
    {
        foreach (var resource in Protobuf.All(export, 1))
        {
            foreach (var span in Protobuf.All(resource, 2).SelectMany(scope => Protobuf.All(scope, 2)))
            {
                _spans.Enqueue(Read(span));
            }
        }
    }

    private static Span Read(ReadOnlyMemory<byte> message)
    {
        var (name, request, start, end) = ("", "", 0UL, 0UL);
        foreach (var (field, number, bytes) in Protobuf.Fields(message))
        {
            switch (field)
            {
                case 5:
                    name = Text(bytes);
                    break;
                case 7:
                    start = number;
                    break;
                case 8:
                    end = number;
                    break;
                case 9 when Text(Protobuf.All(bytes, 1).First()) == "multimodal.request":
                    request = Text(Protobuf.All(Protobuf.All(bytes, 2).First(), 1).First());
                    break;
            }
        }

        return new Span(request, name, start / 1e6, end / 1e6);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>A span of a request.</summary>
    /// <param name="Request">The request's id; empty for platform spans.</param>
    /// <param name="Name">For example <c>multimodal.fuse</c>.</param>
    /// <param name="Start">Milliseconds since 1970.</param>
    /// <param name="End">Milliseconds since 1970.</param>
    internal sealed record Span(string Request, string Name, double Start, double End);
}
