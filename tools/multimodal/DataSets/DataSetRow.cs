using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Multimodal.Contracts.Values;

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

    /// <summary>Reads the media of this row.</summary>
    /// <param name="folder">The folder of the data set.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<Dictionary<Modality, ReadOnlyMemory<byte>>> PartsAsync(string folder, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<Modality, ReadOnlyMemory<byte>>();
        if (Text is not null)
        {
            parts[Modality.Text] = Encoding.UTF8.GetBytes(Text);
        }

        if (Image is not null)
        {
            parts[Modality.Image] = await File.ReadAllBytesAsync(Path.Combine(folder, Image), cancellationToken);
        }

        if (Audio is not null)
        {
            parts[Modality.Audio] = await File.ReadAllBytesAsync(Path.Combine(folder, Audio), cancellationToken);
        }

        return parts;
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
