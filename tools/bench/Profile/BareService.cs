using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Multimodal.Inference.Audio.Decoding;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision.Decoding;

namespace Multimodal.Bench.Profile;

/// <summary>
/// The lower bound of a request's cost: reads the same body through Kestrel, decodes each part once with the same libraries, runs given models, writes
/// one row and responds. It has no gate, no search for a glyph, no batches and no messages.
/// </summary>
internal sealed class BareService(IReadOnlyDictionary<string, BareModel> models, string database) : IDisposable
{
    private const int SpeechRate = 8000;
    private static readonly MediaOptions Limits = new();
    private readonly Lock _lock = new();
    private readonly SqliteConnection _database = Open(database);

    /// <summary>Serves requests until the token is cancelled.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public async Task RunAsync(string address, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        await using var app = builder.Build();
        app.MapPost("/", AnswerAsync);
        await app.StartAsync(cancellationToken);
        await Console.In.ReadToEndAsync(cancellationToken);
    }

    public void Dispose() => _database.Dispose();

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE requests (id TEXT PRIMARY KEY, result TEXT NOT NULL)";
        command.ExecuteNonQuery();
        return connection;
    }

    private async Task<IResult> AnswerAsync(HttpRequest request)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).ToString();
        var reader = new MultipartReader(boundary, request.Body);
        var parts = new Dictionary<string, byte[]>();
        while (await reader.ReadNextSectionAsync() is { } section)
        {
            using var content = new MemoryStream();
            await section.Body.CopyToAsync(content);
            parts[ContentDispositionHeaderValue.Parse(section.ContentDisposition).Name.ToString().Trim('"')] = content.ToArray();
        }

        var scores = new double[10];
        foreach (var group in request.Query["experts"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => models[name]).GroupBy(model => model.Modality))
        {
            Add(group, parts[group.Key], scores);
        }

        var result = string.Join(',', scores.Select(score => score.ToString("0.000", CultureInfo.InvariantCulture)));
        Store(Guid.NewGuid().ToString("n"), result);
        return Results.Json(new { status = "completed", scores });
    }

    private static void Add(IGrouping<string, BareModel> group, byte[] part, double[] scores)
    {
        var decoded = group.Key switch
        {
            "image" => Gray(part, group.Max(model => model.Edge)),
            "audio" => AudioDecoder.TryDecode(part, Limits, SpeechRate, out var samples, out _) ? MemoryMarshal.ToEnumerable(samples).ToArray() : [],
            _ => [],
        };
        foreach (var model in group)
        {
            model.Run(part, decoded, scores);
        }
    }

    private static float[] Gray(byte[] file, int edge) =>
        ImageDecoder.TryDecodeGray(file, edge, Limits, out var image, out _) ? Array.ConvertAll(image.Pixels, level => level / 255f) : [];

    private void Store(string id, string result)
    {
        lock (_lock)
        {
            using var command = _database.CreateCommand();
            command.CommandText = "INSERT INTO requests VALUES (@id, @result)";
            command.Parameters.AddWithValue("@id", id);
            command.Parameters.AddWithValue("@result", result);
            command.ExecuteNonQuery();
        }
    }
}
