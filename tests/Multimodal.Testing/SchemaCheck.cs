using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Multimodal.Testing;

/// <summary>Validates values against a JSON Schema.</summary>
public sealed class SchemaCheck
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };
    private readonly JsonSchema _schema;

    /// <summary>Parses a schema; without <c>$schema</c>, the newest draft applies.</summary>
    /// <param name="schema">The schema's text.</param>
    public SchemaCheck(string schema) =>
        _schema = JsonSchema.FromText(schema, new BuildOptions { SchemaRegistry = new SchemaRegistry() });

    /// <summary>Returns all violations as <c>/path/in/the/value: keyword</c>; empty if the value is valid.</summary>
    public IReadOnlyList<string> Violations(JsonNode? value)
    {
        var results = _schema.Evaluate(JsonSerializer.SerializeToElement(value), Options);
        return results.IsValid ? [] : [.. (results.Details ?? []).Append(results).SelectMany(Of).Distinct()];
    }

    private static IEnumerable<string> Of(EvaluationResults result) =>
        (result.Errors ?? []).Keys.Select(keyword => $"{result.InstanceLocation}: {(keyword.Length > 0 ? keyword : result.EvaluationPath.ToString().Split('/')[^1])}");
}
