using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Multimodal.Testing;

/// <summary>Checks a value against the part of JSON Schema that this repository's schemas use; any other keyword throws.</summary>
public static class JsonSchema
{
    /// <summary>The paths of all values that the schema forbids; empty when the value is good.</summary>
    public static IReadOnlyList<string> Violations(JsonObject schema, JsonNode? value, string path = "$") => new Check(schema).Of(schema, value, path);

    /// <param name="root">The document that <c>$ref</c> points into.</param>
    private sealed class Check(JsonObject root)
    {
        public List<string> Of(JsonObject schema, JsonNode? value, string path)
        {
            var found = new List<string>();
            foreach (var (keyword, rule) in schema)
            {
                found.AddRange(keyword switch
                {
                    "$ref" => Of(Target(rule!.GetValue<string>()), value, path),
                    "oneOf" => Alternatives(rule!.AsArray(), value, path, keyword, most: 1),
                    "anyOf" => Alternatives(rule!.AsArray(), value, path, keyword, most: int.MaxValue),
                    _ => Holds(keyword, rule!, value) ? [] : [$"{path}: {keyword}"],
                });
            }

            foreach (var (name, child) in value as JsonObject ?? [])
            {
                var rules = Rules(schema, name);
                found.AddRange(rules.SelectMany(rule => Of(rule, child, $"{path}.{name}")));
                if (rules.Length == 0 && schema["additionalProperties"] is JsonValue isAllowed && !isAllowed.GetValue<bool>())
                {
                    found.Add($"{path}: additionalProperties ({name})");
                }
            }

            foreach (var (index, item) in (schema["items"] is null ? [] : value as JsonArray ?? []).Index())
            {
                found.AddRange(Of(schema["items"]!.AsObject(), item, $"{path}[{index}]"));
            }

            return found;
        }

        /// <summary>What a field must obey; nothing when the schema does not speak of it.</summary>
        private static JsonObject[] Rules(JsonObject schema, string name)
        {
            var named = schema["properties"]?[name] is JsonObject own ? [own] : Array.Empty<JsonObject>();
            JsonObject[] rules = [.. named, .. (schema["patternProperties"] as JsonObject ?? []).Where(rule => Regex.IsMatch(name, rule.Key)).Select(rule => rule.Value!.AsObject())];
            return rules.Length == 0 && schema["additionalProperties"] is JsonObject others ? [others] : rules;
        }

        /// <summary>When none of the alternatives holds, what is wrong with those of the value's type is said too.</summary>
        private List<string> Alternatives(JsonArray alternatives, JsonNode? value, string path, string keyword, int most)
        {
            var found = alternatives.Select(alternative => Of(alternative!.AsObject(), value, path)).ToArray();
            var good = found.Count(violations => violations.Count == 0);
            return good >= 1 && good <= most
                ? []
                : [$"{path}: {keyword}", .. found.Where(violations => !violations.Contains($"{path}: type")).SelectMany(violations => violations)];
        }

        private JsonObject Target(string reference) => reference.TrimStart('#', '/').Split('/')
            .Aggregate((JsonNode)root, (node, name) => node[name] ?? throw new InvalidDataException($"The schema has no {reference}.")).AsObject();
    }

    private static bool Holds(string keyword, JsonNode rule, JsonNode? value) => keyword switch
    {
        "$schema" or "$id" or "title" or "description" or "default" or "deprecated" or "definitions" => true,
        "properties" or "patternProperties" or "additionalProperties" or "items" => true,
        "type" => (rule as JsonArray ?? [rule.DeepClone()]).Any(type => IsOfType(value, type!.GetValue<string>())),
        "enum" => rule.AsArray().Any(choice => JsonNode.DeepEquals(choice, value)),
        "pattern" => !IsOfType(value, "string") || Regex.IsMatch(value!.GetValue<string>(), rule.GetValue<string>()),
        "required" => value is not JsonObject fields || rule.AsArray().All(key => fields.ContainsKey(key!.GetValue<string>())),
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
