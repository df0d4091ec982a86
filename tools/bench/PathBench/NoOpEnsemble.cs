using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Multimodal.Inference.Features;
using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Bench.PathBench;

/// <summary>
/// An ensemble of no-op text experts: real packages and real ONNX sessions, with a model that returns its input. A request to it costs only
/// the path.
/// </summary>
internal static class NoOpEnsemble
{
    /// <summary>Name of the ensemble.</summary>
    public const string Name = "noop";

    /// <summary>Ten equal letters produce ten equal logits, so the answer stays undecided until the last expert has answered.</summary>
    public const string Text = "aaaaaaaaaa";

    // The oldest signals, which every build supports.
    private static readonly string[] Signals = ["one", "confidence", "entropy", "agreement", "gate", "share", "confidence-agreement", "opposition"];
    private static readonly string[] TrainedOn = ["nothing"];

    /// <summary>Writes the ensemble.</summary>
    /// <param name="models">Folder of the ensembles; created if needed.</param>
    /// <param name="count">Number of experts; each request asks all of them.</param>
    public static void Write(string models, int count) => Write(models, new NoOpShape(Name, count));

    /// <summary>Writes an ensemble of another size.</summary>
    /// <param name="models">Folder of the ensembles; created if needed.</param>
    /// <param name="shape">Its name and size.</param>
    public static void Write(string models, NoOpShape shape)
    {
        var folder = Path.Combine(models, shape.Name);
        string[] experts = [.. Enumerable.Range(1, shape.Experts).Select(number => string.Create(CultureInfo.InvariantCulture, $"noop-{number}"))];
        string[] labels = [.. Enumerable.Range(0, shape.Labels).Select(label => label.ToString(CultureInfo.InvariantCulture))];
        var model = NoOpModel.Bytes(shape.Labels);
        foreach (var expert in experts)
        {
            Directory.CreateDirectory(Path.Combine(folder, expert));
            File.WriteAllBytes(Path.Combine(folder, expert, "model.onnx"), model);
            Write(Path.Combine(folder, expert, "expert.json"), new
            {
                name = expert,
                version = "1.0.0",
                description = "Returns its input.",
                modality = "text",
                labels,
                model = "model.onnx",
                sha256 = Convert.ToHexStringLower(SHA256.HashData(model)),
                input = "ids",
                output = "logits",
                preprocessing = new { kind = "characters", length = shape.Labels, alphabet = "a", buckets = 1 },
                activation = "softmax",
                temperature = 1.0,
                cost = 1.0,
                licence = "MIT",
                trainedOn = TrainedOn,
            });
        }

        Write(Path.Combine(folder, "ensemble.json"), new
        {
            name = shape.Name,
            version = "1.0.0",
            labels,
            experts,
            gate = "gate.json",
            combiner = "combiner.json",
            defaults = new { strategy = "soft", k = (int?)null, fusion = "linear", deadlineMs = 30_000 },
            online = shape.Learns ? new { learner = "fixed-share", loss = "brier", rate = 0.5, share = 0.01, explore = 0.1 } : null,
        });
        File.WriteAllText(Path.Combine(folder, "gate.json"), Gate(experts).ToJson());
        File.WriteAllText(Path.Combine(folder, "combiner.json"), Combiner(experts).ToJson());
    }

    private static readonly JsonSerializerOptions Omitting = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static void Write(string file, object content) => File.WriteAllText(file, JsonSerializer.Serialize(content, Omitting));

    private static GateState Gate(string[] experts) => new()
    {
        Version = "none",
        Experts = experts,
        Scaling = Scaling(),
        Weights = [.. experts.Select(_ => new double[RequestFeatures.Names.Count])],
        Bias = new double[experts.Length],
    };

    private static CombinerState Combiner(string[] experts) => new()
    {
        Version = "none",
        Form = "linear",
        Experts = experts,
        Signals = Signals,
        Scaling = Scaling(),
        SharedWeights = [new double[Signals.Length]],
        ExpertWeights = [.. experts.Select(_ => new double[Signals.Length])],
        FeatureWeights = [.. experts.Select(_ => new double[RequestFeatures.Names.Count])],
        Temperature = 1,
    };

    private static FeatureScaling Scaling() => new()
    {
        Features = RequestFeatures.Names,
        Blocks = [],
        Mean = new double[RequestFeatures.Names.Count],
        Scale = new double[RequestFeatures.Names.Count],
    };
}
