using System.Text.Json.Nodes;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>The OpenAPI document. Generated clients contain its paths, operations, members and the names of its schemas.</summary>
public sealed class OpenApiTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A schema has the name of its type; <c>OpenApiOptions.CreateSchemaReferenceId</c> can keep the old name of a type.</summary>
    [Fact]
    public async Task Document_WithoutWhatIsForPeople_IsTheSame()
    {
        await using var host = await PipelineHost.StartAsync(_folder.Path, [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)]);
        var document = JsonNode.Parse((await host.Http.ReadAsync("openapi/v1.json")).Body)!.AsObject();
        document.Remove("servers");
        document.Remove("tags");
        Strip(document);

        Recorded.Alike("http", "openapi.json", document.ToJsonString());
    }

    private static void Strip(JsonNode? node)
    {
        foreach (var entry in node is JsonArray list ? list : [])
        {
            Strip(entry);
        }

        foreach (var (name, value) in node is JsonObject members ? members.ToArray() : [])
        {
            if (name is "description" or "summary" && value is JsonValue)
            {
                node!.AsObject().Remove(name);
            }
            else
            {
                Strip(value);
            }
        }
    }
}
