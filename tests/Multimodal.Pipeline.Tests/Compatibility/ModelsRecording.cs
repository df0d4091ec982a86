using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Multimodal.Inference.Media;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Commands.Experts;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>
/// Records a models folder with the tool: five small experts, one of them a shadow expert, and two versions of gate and combiner.
/// </summary>
internal static class ModelsRecording
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz ";
    private const int Buckets = 4;
    private const int Side = 8;
    private const int Samples = 400;

    private const string Manifest = """
        {
          "name": "tiny",
          "version": "1.2.0",
          "labels": ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
          "experts": ["text-pieces", "text-letters", "image-light", "audio-tone"],
          "gate": "gate.json",
          "combiner": "combiner.json",
          "defaults": { "strategy": "waves", "k": 3, "price": 0.02, "fusion": "learned", "deadlineMs": 20000 },
          "online": { "learner": "fixed-share", "loss": "brier", "strength": 2, "explore": 0.4, "share": 0.02, "rate": 0.75 }
        }

        """;

    private static readonly string[] Words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    private static readonly string[] Labels = [.. Words.Select((_, digit) => $"{digit}")];

    /// <summary>Writes the folder, its training data set and the experts' opinions on the data set.</summary>
    public static async Task WriteAsync()
    {
        var (folder, data) = (Recorded.At("models", "tiny"), Recorded.At("training"));
        foreach (var old in new[] { folder, data }.Where(Directory.Exists))
        {
            Directory.Delete(old, recursive: true);
        }

        WordPiecePackage.Write(folder);
        WriteLetters(folder, "text-letters", seed: 1);
        WriteLetters(folder, "text-echo", seed: 2);
        Write(folder, "image-light", "image", Flat([1, Side, Side], Side * Side, seed: 3), """
            { "kind": "resize", "width": 8, "height": 8, "channels": 1, "fit": "cover", "mean": [0.5], "scale": [2], "layout": "nchw" }
            """);
        Write(folder, "audio-tone", "audio", TinyModels.Linear(Samples, Labels.Length, 4), """
            { "kind": "waveform", "sampleRate": 8000, "seconds": 0.05, "trim": "none", "normalise": "peak" }
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "ensemble.json"), Manifest);
        await WriteDataAsync(data);

        await RecordAsync(folder, data);
        await TrainAsync(folder, data, "--gate-version", "1", "--epochs", "40");
        await TrainAsync(folder, data, "--gate-version", "2", "--canary", "0.3", "--hidden", "2", "--seed", "7", "--epochs", "20");
        Assert.Equal(0, await ExpertsCommand.Create().Parse(["add", "text-echo", "--shadow", "0.5", "--ensemble", folder]).InvokeAsync());
        await RecordAsync(folder, data);
    }

    /// <summary>Records the opinions again, in the order of the rows.</summary>
    private static async Task RecordAsync(string folder, string data)
    {
        var recorded = new FileInfo(Path.Combine(data, "recorded.jsonl"));
        recorded.Delete();
        var rows = new FileInfo(Path.Combine(data, "data.jsonl"));
        await RecordCommand.RunAsync(new DirectoryInfo(folder), rows, recorded, new MediaOptions(), CancellationToken.None);
        var lines = await File.ReadAllLinesAsync(recorded.FullName);
        await File.WriteAllLinesAsync(recorded.FullName, lines[..1].Concat(lines[1..].Order(StringComparer.Ordinal)));
    }

    private static async Task TrainAsync(string folder, string data, params string[] arguments)
    {
        string[] all = ["--ensemble", folder, "--recorded", Path.Combine(data, "recorded.jsonl"), .. arguments];
        Assert.Equal(0, await TrainCommand.Create().Parse(all).InvokeAsync());
    }

    private static async Task WriteDataAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, "light.png"), SampleMedia.Png(10));
        await File.WriteAllBytesAsync(Path.Combine(folder, "tone.wav"), SampleMedia.Wav(800));
        var rows = Enumerable.Range(0, 24).Select(i => new
        {
            id = $"row-{i:00}",
            label = Labels[i % 10],
            text = i % 3 == 0 ? $"the answer is {Words[i % 10]}" : Words[i % 10],
            image = i % 4 == 0 ? "light.png" : null,
            audio = i % 6 == 0 ? "tone.wav" : null,
            conflict = i % 12 == 0,
        });
        await File.WriteAllLinesAsync(Path.Combine(folder, "data.jsonl"), rows.Select(row => JsonSerializer.Serialize(row)));
    }

    private static void WriteLetters(string folder, string name, int seed)
    {
        var random = new Random(seed);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        var ids = 1 + Letters.Length + Buckets;
        var model = TinyModels.MeanOfPieces(Numbers(ids * 4), ids, Numbers(4 * Labels.Length), Labels.Length, padding: 0);
        Write(folder, name, "text", model, $$"""
            {
              "kind": "characters", "length": 24, "normalise": "NFKC", "foldDigits": true, "stripMarks": true, "lowercase": true,
              "window": "ends", "alphabet": "{{Letters}}", "buckets": {{Buckets}}
            }
            """);
    }

    private static void Write(string folder, string name, string modality, byte[] model, string preprocessing) => PackageFolder.Write(
        Path.Combine(folder, name),
        new JsonObject
        {
            ["name"] = name,
            ["version"] = "1.0.0",
            ["description"] = "Recorded for the tests of compatibility.",
            ["modality"] = modality,
            ["labels"] = Texts(Labels),
            ["model"] = "model.onnx",
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(model)),
            ["input"] = "x",
            ["output"] = "y",
            ["preprocessing"] = JsonNode.Parse(preprocessing),
            ["activation"] = "softmax",
            ["temperature"] = 1.25,
            ["cost"] = 2,
            ["licence"] = "MIT",
            ["trainedOn"] = Texts("numbers from a seed"),
        },
        model);

    private static byte[] Flat(int[] shape, int inputs, int seed)
    {
        var random = new Random(seed);
        var weights = Enumerable.Range(0, inputs * Labels.Length).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        return new OnnxGraph()
            .Input("x", OnnxGraph.Float, [null, .. shape.Select(extent => (int?)extent)])
            .Output("y", OnnxGraph.Float, null, Labels.Length)
            .Constant("w", weights, inputs, Labels.Length)
            .Node("Flatten", ["x"], "flat", "axis", 1)
            .Node("MatMul", ["flat", "w"], "y")
            .ToModel();
    }

    private static JsonArray Texts(params string[] texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
