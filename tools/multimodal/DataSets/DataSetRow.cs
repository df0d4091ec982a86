using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Multimodal.Tool.DataSets;

/// <summary>One labelled request of a JSONL data set: any subset of text, image and audio. Paths are relative to the file.</summary>
/// <param name="Id">Unique in the set.</param>
/// <param name="Text">The text itself, or null.</param>
/// <param name="Image">Path of an image file, or null.</param>
/// <param name="Audio">Path of a sound file, or null.</param>
/// <param name="Label">The true label.</param>
/// <param name="Conflict">True when one part shows another label.</param>
internal sealed record DataSetRow(string Id, string? Text, string? Image, string? Audio, string Label, bool Conflict)
{
    /// <summary>Reads a data set line by line.</summary>
    /// <exception cref="InvalidDataException">A line is not a row; the message names file and line.</exception>
    public static async IAsyncEnumerable<DataSetRow> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            yield return Parse(line) is { Id: not null, Label: not null } row
                ? row
                : throw new InvalidDataException($"{path}:{number}: a row needs \"id\", \"label\" and at least one of \"text\", \"image\", \"audio\".");
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
            // The caller names file and line.
            return null;
        }
    }
}
