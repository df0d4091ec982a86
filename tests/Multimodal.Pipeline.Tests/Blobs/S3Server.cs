using System.Collections.Concurrent;
using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Multimodal.Tool.Services;

namespace Multimodal.Pipeline.Tests.Blobs;

/// <summary>
/// A small server for the part of the S3 protocol that the blob store uses: PUT, GET, multi-object delete and list (version 2, three keys
/// per page) on one bucket, path style. Every request must have a valid signature and the digest of its body. The service uses the official
/// client, so other servers get the same requests.
/// </summary>
internal sealed class S3Server : IAsyncDisposable
{
    public const string AccessKey = "test-key";
    public const string Secret = "test/secret+with=signs";
    public const string Bucket = "payloads";
    private const int PageSize = 3;
    private static readonly XNamespace Names = "http://s3.amazonaws.com/doc/2006-03-01/";
    private readonly ConcurrentDictionary<string, (byte[] Content, DateTime Changed)> _objects = new(StringComparer.Ordinal);
    private readonly int _port = Ports.Free();
    private WebApplication? _app;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    /// <summary>The keys of all objects.</summary>
    public IEnumerable<string> Keys => _objects.Keys.Order(StringComparer.Ordinal);

    /// <summary>How often each operation was called.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = new();

    public void Corrupt(string key) => _objects[key] = ([.. _objects[key].Content.Select(value => (byte)~value)], _objects[key].Changed);

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        _app = builder.Build();
        _app.Run(HandleAsync);
        await _app.StartAsync();
    }

    /// <summary>Stops the server; the objects remain.</summary>
    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task HandleAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var (status, answer) = SignatureVersion4.Check(http.Request, body.ToArray(), AccessKey, Secret) is { } refusal
            ? (403, Error(refusal))
            : Answer(http.Request, body.ToArray());
        http.Response.StatusCode = status;
        http.Response.ContentType = answer is XElement ? "application/xml" : "application/octet-stream";
        var bytes = answer is XElement xml ? System.Text.Encoding.UTF8.GetBytes(xml.ToString(SaveOptions.DisableFormatting)) : (byte[])answer;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes);
    }

    private (int Status, object Answer) Answer(HttpRequest request, byte[] body)
    {
        var path = request.Path.Value!.TrimStart('/');
        var (bucket, key) = path.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? (path[..slash], path[(slash + 1)..]) : (path, "");
        var operation = (request.Method, request.Query.ContainsKey("delete"), request.Query["list-type"] == "2") switch
        {
            ("PUT", _, _) => "put",
            ("GET", _, true) => "list",
            ("GET", _, _) => "get",
            ("POST", true, _) => "delete",
            _ => "unknown",
        };
        Calls.AddOrUpdate(operation, 1, (_, count) => count + 1);
        if (bucket != Bucket)
        {
            return (404, Error("NoSuchBucket"));
        }

        switch (operation)
        {
            case "put":
                _objects[key] = (body, TimeProvider.System.GetUtcNow().UtcDateTime);
                return (200, Array.Empty<byte>());
            case "get":
                return _objects.TryGetValue(key, out var found) ? (200, found.Content) : (404, Error("NoSuchKey"));
            case "delete":
                return Delete(request, body);
            case "list":
                return (200, List(request));
            default:
                return (501, Error("NotImplemented"));
        }
    }

    private (int Status, object Answer) Delete(HttpRequest request, byte[] body)
    {
        // S3 requires a checksum of this body in addition to the signature.
        if (!request.Headers.ContainsKey("Content-MD5") && !request.Headers.Keys.Any(name => name.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase)))
        {
            return (400, Error("InvalidRequest"));
        }

        using var stream = new MemoryStream(body);
        foreach (var key in XElement.Load(stream).Descendants().Where(element => element.Name.LocalName == "Key"))
        {
            _objects.TryRemove(key.Value, out _);
        }

        return (200, new XElement(Names + "DeleteResult"));
    }

    private XElement List(HttpRequest request)
    {
        var after = request.Query["continuation-token"].ToString();
        var keys = Keys.Where(key => key.StartsWith(request.Query["prefix"].ToString(), StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0).ToArray();
        var page = keys.Take(PageSize).ToArray();
        return new XElement(
            Names + "ListBucketResult",
            new XElement(Names + "Name", Bucket),
            new XElement(Names + "IsTruncated", keys.Length > PageSize),
            keys.Length > PageSize ? new XElement(Names + "NextContinuationToken", page[^1]) : null,
            page.Select(key => new XElement(
                Names + "Contents",
                new XElement(Names + "Key", key),
                new XElement(Names + "LastModified", _objects[key].Changed.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
                new XElement(Names + "Size", _objects[key].Content.Length))));
    }

    private static XElement Error(string code) => new("Error", new XElement("Code", code), new XElement("Message", code));
}
