using System.Text.Json;
using System.Text.Json.Nodes;

namespace Multimodal.Bench.Sbom;

/// <summary>A bill of materials in CycloneDX JSON, with the licences of its packages.</summary>
internal sealed class BillOfMaterials
{
    private const string Version = "1.6";
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };
    private static readonly string[] Operators = ["AND", "OR", "WITH"];
    private static readonly string[] Fields = ["type", "bom-ref", "name", "version", "purl"];
    private readonly JsonObject _root;

    private BillOfMaterials(JsonObject root) => _root = root;

    /// <summary>Number of packages.</summary>
    public int Count => Components.Count();

    private IEnumerable<JsonObject> Components => (_root["components"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Reads a bill.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static BillOfMaterials Parse(string json) => new(JsonNode.Parse(json) as JsonObject ?? throw new JsonException("The bill of materials is not a JSON object."));

    /// <summary>Adds the licences of packages that name a file instead of an identifier.</summary>
    public void AddReviewed(LicenceList licences)
    {
        foreach (var component in Components.Where(component => !Licences(component).Any()))
        {
            if (licences.Reviewed.TryGetValue(Title(component), out var licence))
            {
                component["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = licence } });
            }
        }
    }

    /// <summary>What is missing in the bill, and the packages whose licence is not allowed.</summary>
    public IEnumerable<string> Problems(LicenceList licences) => HeadProblems()
        .Concat(Components.SelectMany(component => ComponentProblems(component, licences)))
        .Concat(DependencyProblems())
        .Concat(licences.Reviewed.Keys.Except(Components.Select(Title)).Select(unused => $"eng/licences.json: {unused} is reviewed, but not shipped. Delete the line."));

    public override string ToString() => _root.ToJsonString(Format) + "\n";

    private IEnumerable<string> HeadProblems()
    {
        if (Text(_root, "bomFormat") != "CycloneDX" || Text(_root, "specVersion") != Version)
        {
            yield return $"The format must be CycloneDX {Version}.";
        }

        if (Text(_root, "serialNumber") is not { } serial || !serial.StartsWith("urn:uuid:", StringComparison.Ordinal) || _root["version"] is null)
        {
            yield return "The bill has no serial number (urn:uuid:...) or no version.";
        }

        if (_root["metadata"] is not JsonObject metadata || metadata["timestamp"] is null || metadata["component"] is not JsonObject subject
            || Text(subject, "name") is null || Text(subject, "version") is null)
        {
            yield return "The bill does not name what it describes, its version and its time (metadata).";
        }

        if (!Components.Any())
        {
            yield return "The bill lists no package.";
        }
    }

    private static IEnumerable<string> ComponentProblems(JsonObject component, LicenceList licences)
    {
        foreach (var field in Fields.Where(field => string.IsNullOrEmpty(Text(component, field))))
        {
            yield return $"{Title(component)} has no {field}.";
        }

        if (component["hashes"] is not JsonArray { Count: > 0 })
        {
            yield return $"{Title(component)} has no hash.";
        }

        var named = Licences(component).ToArray();
        if (named.Length == 0)
        {
            yield return $"{Title(component)} names no licence. Read the licence in the package, and add a line under \"reviewed\" in eng/licences.json.";
        }

        foreach (var licence in named.Where(licence => !licences.Allowed.ContainsKey(licence)))
        {
            yield return $"{Title(component)} has the licence {licence}, which is not under \"allowed\" in eng/licences.json. Use another package, or allow the licence with a reason.";
        }
    }

    private IEnumerable<string> DependencyProblems()
    {
        var known = Components.Select(component => Text(component, "bom-ref")).Append(Text(_root["metadata"]?["component"] as JsonObject, "bom-ref")).ToHashSet();
        return (_root["dependencies"] as JsonArray ?? []).OfType<JsonObject>()
            .SelectMany(dependency => (dependency["dependsOn"] as JsonArray ?? []).Select(to => to?.GetValue<string>()).Append(Text(dependency, "ref")))
            .Where(reference => !known.Contains(reference)).Distinct()
            .Select(reference => $"The dependency {reference} is not listed.");
    }

    private static IEnumerable<string> Licences(JsonObject component) => (component["licenses"] as JsonArray ?? []).OfType<JsonObject>().SelectMany(choice =>
        Text(choice, "expression") is { } expression
            ? expression.Split(' ', '(', ')').Where(word => word.Length > 0 && !Operators.Contains(word))
            : new[] { Text(choice["license"] as JsonObject, "id") ?? Text(choice["license"] as JsonObject, "name") }.OfType<string>());

    private static string Title(JsonObject component) => $"{Text(component, "name")} {Text(component, "version")}";

    private static string? Text(JsonObject? node, string name) => node?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
