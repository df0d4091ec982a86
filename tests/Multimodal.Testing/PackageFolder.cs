using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Multimodal.Testing;

/// <summary>Writes expert packages. The default is valid, and tests make single keys invalid.</summary>
public static class PackageFolder
{
    /// <summary>
    /// Returns an <c>expert.json</c> for a text expert with input <c>x</c>, output <c>y</c> and preprocessing <c>numbers</c>.
    /// </summary>
    /// <param name="model">The model, for its checksum.</param>
    /// <param name="inputs">Number of values per item.</param>
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

    /// <summary>Writes <c>expert.json</c> and <c>model.onnx</c> to a folder, which is created if needed.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder, JsonObject manifest, byte[] model)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "expert.json"), manifest.ToJsonString());
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model);
        return folder;
    }
}
