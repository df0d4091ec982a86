using System.Text.Json;
using Multimodal.Learning.Data;

namespace Multimodal.Tool.DataSets;

/// <summary>A JSONL file of recorded opinions: a header, then one row per request.</summary>
internal static class RecordedFile
{
    /// <summary>Returns the ids in the file if its header is equal; removes a partial last row.</summary>
    /// <exception cref="InvalidDataException">The file was recorded from another ensemble, or is not a recorded file.</exception>
    public static async Task<HashSet<string>> ResumeAsync(string path, RecordedHeader header, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(header, JsonSerializerOptions.Web) + "\n", cancellationToken);
            return ids;
        }

        var text = await File.ReadAllTextAsync(path, cancellationToken);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0] != JsonSerializer.Serialize(header, JsonSerializerOptions.Web))
        {
            throw new InvalidDataException($"{path} was recorded from another ensemble or with other features. Delete it, or give another --out.");
        }

        foreach (var line in lines.Skip(1))
        {
            ids.Add(JsonSerializer.Deserialize<RecordedRow>(line, JsonSerializerOptions.Web)!.Id);
        }

        await File.WriteAllTextAsync(path, string.Concat(lines.Select(line => line + "\n")), cancellationToken);
        return ids;
    }

    /// <summary>Reads a recorded file for training or evaluation.</summary>
    /// <exception cref="InvalidDataException">The file is empty, or a row has a label that the header does not have.</exception>
    public static async Task<RecordedSet> ReadAsync(string path, CancellationToken cancellationToken)
    {
        RecordedHeader? header = null;
        var examples = new List<(string Id, RecordedExample Example)>();
        await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
        {
            if (header is null)
            {
                header = JsonSerializer.Deserialize<RecordedHeader>(line, JsonSerializerOptions.Web)!;
                continue;
            }

            var row = JsonSerializer.Deserialize<RecordedRow>(line, JsonSerializerOptions.Web)!;
            examples.Add((row.Id, Example(header, row, path)));
        }

        // Rows are recorded in parallel. In the order of their ids, training with the same seed gives the same result.

        return header is null
            ? throw new InvalidDataException($"{path} is empty. Record it again.")
            : Set(header, [.. examples.OrderBy(row => row.Id, StringComparer.Ordinal).Select(row => row.Example)]);
    }

    /// <summary>Converts recorded rows for training or evaluation.</summary>
    /// <exception cref="InvalidDataException">A row has a label that the header does not have.</exception>
    public static RecordedSet ToSet(RecordedHeader header, IEnumerable<RecordedRow> rows) =>
        Set(header, [.. rows.Select(row => Example(header, row, "the data"))]);

    private static RecordedSet Set(RecordedHeader header, IReadOnlyList<RecordedExample> examples) => new()
    {
        Experts = header.Experts,
        Features = header.Features,
        Blocks = header.Blocks,
        LabelCount = header.Labels.Count,
        Examples = examples,
    };

    private static RecordedExample Example(RecordedHeader header, RecordedRow row, string path)
    {
        var label = header.Labels.ToList().IndexOf(row.Label);
        return label >= 0
            ? new RecordedExample(row.Features, label, [.. header.Experts.Select(expert => row.Opinions.GetValueOrDefault(expert.Name))])
            : throw new InvalidDataException($"{path}: row {row.Id} has label \"{row.Label}\", which is not a label of the ensemble.");
    }
}
