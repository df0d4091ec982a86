using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;

namespace Multimodal.Tool.DataSets;

/// <summary>A labelled request of a data set: any subset of text, image and audio. Paths are relative to the file.</summary>
/// <param name="Id">Unique in the set.</param>
/// <param name="Text">The text, or null.</param>
/// <param name="Image">Path of an image file, or null.</param>
/// <param name="Audio">Path of a sound file, or null.</param>
/// <param name="Label">The true label.</param>
/// <param name="Conflict">Whether one part shows a different label.</param>
internal sealed record DataSetRow(string Id, string? Text, string? Image, string? Audio, string Label, bool Conflict)
{
    private const string Needed = "a row needs a label and at least one of text, image, audio";

    /// <summary>
    /// Reads a data set row by row: <c>.csv</c> with a header, anything else as JSONL. Rows without an id are named by their number.
    /// </summary>
    /// <exception cref="InvalidDataException">A line is not a valid row, or an id is not unique; the message contains file and
    /// line.</exception>
    public static async IAsyncEnumerable<DataSetRow> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var rows = Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? ReadCsvAsync(path, cancellationToken) : ReadJsonAsync(path, cancellationToken);
        await foreach (var (number, read) in rows)
        {
            if (read is not { Label.Length: > 0 } || (read.Text ?? read.Image ?? read.Audio) is null)
            {
                throw new InvalidDataException($"{path}:{number}: {Needed}.");
            }

            var row = read with { Id = string.IsNullOrEmpty(read.Id) ? $"row-{number}" : read.Id };
            yield return ids.Add(row.Id) ? row : throw new InvalidDataException($"{path}:{number}: the id {row.Id} is not unique.");
        }
    }

    /// <summary>Reads the media of this row.</summary>
    /// <param name="folder">The folder of the data set.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<Dictionary<Modality, MediaContent>> PartsAsync(string folder, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<Modality, MediaContent>();
        if (Text is not null)
        {
            parts[Modality.Text] = new MediaContent(Encoding.UTF8.GetBytes(Text));
        }

        if (Image is not null)
        {
            parts[Modality.Image] = new MediaContent(await File.ReadAllBytesAsync(Path.Combine(folder, Image), cancellationToken));
        }

        if (Audio is not null)
        {
            parts[Modality.Audio] = new MediaContent(await File.ReadAllBytesAsync(Path.Combine(folder, Audio), cancellationToken));
        }

        return parts;
    }

    private static async IAsyncEnumerable<(int Line, DataSetRow? Row)> ReadJsonAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return (number, Parse(line));
            }
        }
    }

    private static async IAsyncEnumerable<(int Line, DataSetRow? Row)> ReadCsvAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var csv = new CsvReader(new StreamReader(path), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            // Header names are case-insensitive. Missing columns are null, and an empty cell is an absent part.
            PrepareHeaderForMatch = header => header.Header.Trim().ToLowerInvariant(),
            MissingFieldFound = null,
        });
        await csv.ReadAsync();
        csv.ReadHeader();
        string? Cell(string column) => csv.TryGetField<string>(column, out var value) && !string.IsNullOrWhiteSpace(value) ? value : null;
        while (await csv.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var conflict = bool.TryParse(Cell("conflict"), out var told) && told;
            yield return (csv.Parser.RawRow, new DataSetRow(Cell("id")!, Cell("text"), Cell("image"), Cell("audio"), Cell("label")!, conflict));
        }
    }

    private static DataSetRow? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<DataSetRow>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            // The caller reports file and line.
            return null;
        }
    }
}
