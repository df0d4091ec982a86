using System.Text.Json;

namespace Multimodal.Bench.Parity;

/// <summary>Results of an earlier build for one file, written with <c>parity --record</c>.</summary>
/// <param name="Id">The file's id.</param>
/// <param name="Path">The decoder path.</param>
/// <param name="Digest">SHA-256 of the decoded data, or null if the file was rejected.</param>
/// <param name="Opinions">Label by expert.</param>
internal sealed record PreviousFile(string Id, string Path, string? Digest, Dictionary<string, string?> Opinions)
{
    public static IReadOnlyDictionary<(string Id, string Path), PreviousFile> Read(FileInfo? file) => file is null
        ? new Dictionary<(string, string), PreviousFile>()
        : File.ReadLines(file.FullName).Select(line => JsonSerializer.Deserialize<PreviousFile>(line, JsonSerializerOptions.Web)!).ToDictionary(one => (one.Id, one.Path));

    public string ToLine() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
