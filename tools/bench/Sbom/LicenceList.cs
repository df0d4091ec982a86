using System.Text.Json;
using System.Text.Json.Serialization;

namespace Multimodal.Bench.Sbom;

/// <summary>The licences that may be shipped, in eng/licences.json.</summary>
/// <param name="Allowed">SPDX identifiers, with the reason.</param>
/// <param name="Reviewed">The licence of packages that name a file instead of an identifier, by name and version. A new version needs a new review.</param>
internal sealed record LicenceList(
    [property: JsonRequired] IReadOnlyDictionary<string, string> Allowed, [property: JsonRequired] IReadOnlyDictionary<string, string> Reviewed)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Reads a list.</summary>
    /// <exception cref="JsonException">The text is not a list.</exception>
    public static LicenceList Parse(string json) => JsonSerializer.Deserialize<LicenceList>(json, Format) ?? throw new JsonException("The list of licences is null.");
}
