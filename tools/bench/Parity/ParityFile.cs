using System.Text.Json;
using Multimodal.Contracts.Values;

namespace Multimodal.Bench.Parity;

/// <summary>One file of the set that models/digits/training/mixed/parity.py makes.</summary>
/// <param name="Id">Unique in the set.</param>
/// <param name="Modality">Its medium.</param>
/// <param name="Type">Container and coding, for example <c>jpeg-progressive</c> or <c>adpcm-ms</c>.</param>
/// <param name="Label">The digit that it shows.</param>
/// <param name="Path">Where it lies.</param>
internal sealed record ParityFile(string Id, Modality Modality, string Type, string Label, string Path)
{
    /// <summary>Large files that only time and memory are measured on.</summary>
    public bool IsForSpeed => !char.IsAsciiDigit(Id[0]);

    /// <summary>Reads a set.</summary>
    /// <exception cref="InvalidDataException">A line is not a row of such a set.</exception>
    public static IReadOnlyList<ParityFile> Read(FileInfo set) =>
    [
        .. File.ReadLines(set.FullName).Select(line => JsonSerializer.Deserialize<Row>(line, JsonSerializerOptions.Web) is { } row && (row.Image ?? row.Audio) is { } path
            ? new ParityFile(row.Id, row.Image is null ? Modality.Audio : Modality.Image, row.Type, row.Label, System.IO.Path.Combine(set.DirectoryName!, path))
            : throw new InvalidDataException($"{set.FullName}: a row has neither image nor audio. Make the set again with models/digits/training/mixed/parity.py.")),
    ];

    private sealed record Row(string Id, string? Image, string? Audio, string Label, string Type);
}
