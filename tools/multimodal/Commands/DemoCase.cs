using System.Text.Json;

namespace Multimodal.Tool.Commands;

/// <summary>A bundled case: the request and its expected answer.</summary>
internal sealed record DemoCase(string Name, string? Text, string? Image, string? Audio, DemoExpectation Expect)
{
    /// <summary>Reads the bundled cases.</summary>
    /// <param name="folder">The folder with <c>cases.json</c>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<DemoCase[]> ReadAllAsync(DirectoryInfo folder, CancellationToken cancellationToken) => JsonSerializer.Deserialize<DemoCase[]>(
        await File.ReadAllTextAsync(Path.Combine(folder.FullName, "cases.json"), cancellationToken), JsonSerializerOptions.Web)!;

    public string Describe() => string.Join(" + ", new[] { Text is null ? null : $"text \"{Text}\"", Image, Audio }.OfType<string>());
}
