using System.Text.Json;
using Multimodal.Contracts.Values;

namespace Multimodal.Bench.Parity;

/// <summary>A file of the set that models/digits/training/mixed/parity.py generates.</summary>
/// <param name="Id">Unique in the set.</param>
/// <param name="Modality">Its medium.</param>
/// <param name="Type">Container and coding, for example <c>jpeg-progressive</c> or <c>adpcm-ms</c>.</param>
/// <param name="Label">The digit in the file.</param>
/// <param name="Path">Path of the file.</param>
internal sealed record ParityFile(string Id, Modality Modality, string Type, string Label, string Path)
{
    /// <summary>Whether this is a large file that is used only for time and memory.</summary>
    public bool IsForSpeed => !char.IsAsciiDigit(Id[0]);

    /// <summary>Reads a set.</summary>
    /// <exception cref="InvalidDataException">A line is not a valid row.</exception>
    public static IReadOnlyList<ParityFile> Read(FileInfo set) =>
    [
        .. File.ReadLines(set.FullName).Select(line => JsonSerializer.Deserialize<Row>(line, JsonSerializerOptions.Web) is { } row && (row.Image ?? row.Audio) is { } path
            ? new ParityFile(row.Id, row.Image is null ? Modality.Audio : Modality.Image, row.Type, row.Label, System.IO.Path.Combine(set.DirectoryName!, path))
            : throw new InvalidDataException(
                $"{set.FullName}: a row has neither image nor audio. Regenerate the set with models/digits/training/mixed/parity.py.")),
    ];

    private sealed record Row(string Id, string? Image, string? Audio, string Label, string Type);
}
