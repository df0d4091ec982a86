using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Multimodal.Testing;

/// <summary>Checks a value against the part of JSON Schema 2020-12 that this repository's schemas use; any other keyword throws.</summary>
public static class JsonSchema
{
    /// <summary>The paths of all values that the schema forbids; empty when the value is good.</summary>
    public static IReadOnlyList<string> Violations(JsonObject schema, JsonNode? value, string path = "$")
    {
        var found = new List<string>();
        foreach (var (keyword, rule) in schema)
        {
            if (!Holds(keyword, rule!, value))
            {
                found.Add($"{path}: {keyword}");
            }
        }

        foreach (var (name, child) in (value as JsonObject ?? []).Where(pair => schema["properties"]?[pair.Key] is not null))
        {
            found.AddRange(Violations(schema["properties"]![name]!.AsObject(), child, $"{path}.{name}"));
        }

        foreach (var (index, item) in (value as JsonArray ?? []).Index())
        {
            found.AddRange(Violations(schema["items"]!.AsObject(), item, $"{path}[{index}]"));
        }

        return found;
    }

    private static bool Holds(string keyword, JsonNode rule, JsonNode? value) => keyword switch
    {
        "$schema" or "title" or "description" or "properties" or "items" => true,
        "type" => (rule as JsonArray ?? [rule.DeepClone()]).Any(type => IsOfType(value, type!.GetValue<string>())),
        "enum" => rule.AsArray().Any(choice => JsonNode.DeepEquals(choice, value)),
        "pattern" => !IsOfType(value, "string") || Regex.IsMatch(value!.GetValue<string>(), rule.GetValue<string>()),
        "required" => value is not JsonObject fields || rule.AsArray().All(key => fields.ContainsKey(key!.GetValue<string>())),
        "additionalProperties" => value is not JsonObject fields || fields.All(pair => rule.Parent!["properties"]![pair.Key] is not null),
        "minItems" => value is not JsonArray items || items.Count >= rule.GetValue<int>(),
        "uniqueItems" => value is not JsonArray items || items.Select(item => item?.ToJsonString()).Distinct().Count() == items.Count,
        "minimum" => !IsOfType(value, "number") || value!.GetValue<double>() >= rule.GetValue<double>(),
        "maximum" => !IsOfType(value, "number") || value!.GetValue<double>() <= rule.GetValue<double>(),
        "exclusiveMinimum" => !IsOfType(value, "number") || value!.GetValue<double>() > rule.GetValue<double>(),
        _ => throw new NotSupportedException($"The schema uses '{keyword}', which is not checked here."),
    };

    private static bool IsOfType(JsonNode? value, string type) => value?.GetValueKind() switch
    {
        null => type == "null",
        System.Text.Json.JsonValueKind.String => type == "string",
        System.Text.Json.JsonValueKind.Number => type == "number" || (type == "integer" && value.GetValue<double>() % 1 == 0),
        System.Text.Json.JsonValueKind.Array => type == "array",
        System.Text.Json.JsonValueKind.Object => type == "object",
        _ => type == "boolean",
    };
}
