using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Multimodal.Pipeline.Tests.Deploy;

/// <summary>YAML files with their merge keys (<c>&lt;&lt;</c>) resolved.</summary>
internal static partial class Yaml
{
    public static IReadOnlyList<YamlMappingNode> Read(string file)
    {
        var parser = new MergingParser(new Parser(new StringReader(File.ReadAllText(file))));
        parser.Consume<StreamStart>();
        var documents = new List<YamlMappingNode>();
        var deserializer = new Deserializer();
        var serializer = new SerializerBuilder().DisableAliases().Build();
        while (parser.Accept<DocumentStart>(out _))
        {
            // Through plain objects, because the representation model does not support merge keys.
            var stream = new YamlStream();
            stream.Load(new StringReader(serializer.Serialize(deserializer.Deserialize(parser)!)));
            documents.Add((YamlMappingNode)stream.Documents[0].RootNode);
        }

        return documents;
    }

    /// <summary>Converts the documents of a text to JSON, with merge keys resolved and plain scalars parsed by YAML's core schema.</summary>
    public static IReadOnlyList<JsonNode?> Json(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => Json(document.RootNode))];
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => Json(map),
        YamlSequenceNode list => new JsonArray([.. list.Select(item => Json(item))]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "null" or "~" } => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } truth => JsonValue.Create(truth.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain } plain when Number().IsMatch(plain.Value!) => JsonNode.Parse(plain.Value!),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };

    private static JsonObject Json(YamlMappingNode map)
    {
        var fields = new JsonObject();
        foreach (var (key, value) in map.OrderBy(field => field.Key.ToString() == "<<"))
        {
            if (key.ToString() != "<<")
            {
                fields.Add(key.ToString(), Json(value));
                continue;
            }

            // Merged entries come last and do not override existing ones.
            foreach (var (merged, inherited) in ((YamlMappingNode)value).Where(field => !fields.ContainsKey(field.Key.ToString())))
            {
                fields.Add(merged.ToString(), Json(inherited));
            }
        }

        return fields;
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$")]
    private static partial Regex Number();

    /// <summary>Returns the node at a path; null if it does not exist.</summary>
    public static YamlNode? At(this YamlNode? node, params string[] path)
    {
        foreach (var name in path)
        {
            node = node is YamlMappingNode map && map.Children.TryGetValue(name, out var child) ? child : null;
        }

        return node;
    }

    public static string Text(this YamlNode? node, params string[] path) =>
        node.At(path)?.ToString() ?? throw new KeyNotFoundException($"There is no {string.Join('/', path)}.");

    public static IEnumerable<YamlNode> Items(this YamlNode? node, params string[] path) => node.At(path) as YamlSequenceNode ?? [];

    public static IEnumerable<KeyValuePair<string, YamlNode>> Fields(this YamlNode? node, params string[] path) =>
        (node.At(path) as YamlMappingNode)?.Children.Select(child => KeyValuePair.Create(child.Key.ToString(), child.Value)) ?? [];

    public static IEnumerable<KeyValuePair<string, string>> Texts(this YamlNode? node, params string[] path) =>
        node.Fields(path).Select(field => KeyValuePair.Create(field.Key, field.Value.ToString()));
}
