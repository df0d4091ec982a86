using System.Text.Json;
using Multimodal.Inference.Features;
using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Testing;

/// <summary>A models folder with real experts of the bundled ensemble, and an untrained gate and combiner.</summary>
public static class UntrainedEnsemble
{
    private static readonly string[] Labels = [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")];

    /// <summary>Copies the experts and writes the other files.</summary>
    /// <param name="folder">The models folder to create.</param>
    /// <param name="digits">The bundled ensemble, or another folder of experts for digits.</param>
    /// <param name="experts">The experts to copy.</param>
    public static void Write(string folder, string digits, params string[] experts) => WriteAs("digits", folder, digits, experts);

    /// <summary>Same, with another ensemble name.</summary>
    public static void WriteAs(string name, string folder, string digits, params string[] experts)
    {
        var ensemble = Path.Combine(folder, name);
        foreach (var expert in experts)
        {
            Directory.CreateDirectory(Path.Combine(ensemble, expert));
            foreach (var file in Directory.GetFiles(Path.Combine(digits, expert)))
            {
                File.Copy(file, Path.Combine(ensemble, expert, Path.GetFileName(file)));
            }
        }

        var manifest = new
        {
            name,
            version = "1.0.0",
            labels = Labels,
            experts,
            gate = "gate.json",
            combiner = "combiner.json",
            defaults = new { strategy = "soft", k = (int?)null, fusion = "linear", deadlineMs = 20_000 },
        };
        File.WriteAllText(Path.Combine(ensemble, "ensemble.json"), JsonSerializer.Serialize(manifest));
        File.WriteAllText(Path.Combine(ensemble, "gate.json"), Gate(experts).ToJson());
        File.WriteAllText(Path.Combine(ensemble, "combiner.json"), Combiner(experts).ToJson());
    }

    private static FeatureScaling Scaling()
    {
        var features = RequestFeatures.Names;
        return new FeatureScaling { Features = features, Blocks = [], Mean = new double[features.Count], Scale = new double[features.Count] };
    }

    private static GateState Gate(string[] experts) => new()
    {
        Version = "untrained",
        Experts = experts,
        Scaling = Scaling(),
        Weights = [.. experts.Select(_ => new double[RequestFeatures.Names.Count])],
        Bias = new double[experts.Length],
    };

    private static CombinerState Combiner(string[] experts) => new()
    {
        Version = "untrained",
        Form = "linear",
        Experts = experts,
        Signals = OpinionSignals.Names,
        Scaling = Scaling(),
        SharedWeights = [new double[OpinionSignals.Count]],
        ExpertWeights = [.. experts.Select(_ => new double[OpinionSignals.Count])],
        FeatureWeights = [.. experts.Select(_ => new double[RequestFeatures.Names.Count])],
        Temperature = 1,
    };
}
