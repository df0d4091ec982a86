using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Multimodal.Testing;

/// <summary>Writes expert packages; what is good by default can be spoiled key by key.</summary>
public static class PackageFolder
{
    /// <summary>An <c>expert.json</c> for a text expert with input <c>x</c> and output <c>y</c> that takes <c>numbers</c>.</summary>
    /// <param name="model">The model's bytes, for its checksum.</param>
    /// <param name="inputs">Numbers that one item holds.</param>
    /// <param name="labels">The labels.</param>
    public static JsonObject Manifest(byte[] model, int inputs, params string[] labels) => new()
    {
        ["name"] = "tiny",
        ["version"] = "1.2.3",
        ["description"] = "Made by a test.",
        ["modality"] = "text",
        ["labels"] = new JsonArray([.. labels.Select(label => (JsonNode)label)]),
        ["model"] = "model.onnx",
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(model)),
        ["input"] = "x",
        ["output"] = "y",
        ["preprocessing"] = new JsonObject { ["kind"] = "numbers", ["count"] = inputs },
        ["activation"] = "softmax",
        ["temperature"] = 1.5,
        ["cost"] = 1,
        ["licence"] = "MIT",
        ["trainedOn"] = new JsonArray("numbers from a seed"),
    };

    /// <summary>Writes <c>expert.json</c> and <c>model.onnx</c> into a folder, made if need be.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder, JsonObject manifest, byte[] model)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "expert.json"), manifest.ToJsonString());
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model);
        return folder;
    }
}
