using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Tests.Data;

/// <summary>Random states and opinions by seed, for properties of any state.</summary>
internal static class RandomStates
{
    public const int Labels = 5;

    public static readonly string[] Experts = ["delta", "alpha", "charlie", "bravo"];

    public static readonly string[] Features = ["image", "image.contrast", "image.noise", "audio", "audio.level", "hour"];

    public static FeatureScaling Scaling { get; } = new()
    {
        Features = Features,
        Blocks = [new ModalityBlock("image", 0, 3), new ModalityBlock("audio", 3, 2)],
        Mean = [0, 5, -2, 0, 100, 12],
        Scale = [1, 2, 0.5, 1, 30, 0],
    };

    public static GateState Gate(int seed, int hidden = 0, string? kind = null)
    {
        var random = new Random(seed);
        string[] modalities = ["image", "audio", "image", "audio"];
        if (kind == "pairs")
        {
            return Pairs(seed, hidden, modalities);
        }

        if (kind == "pairs-by-label")
        {
            var network = new PairsByLabelNetwork(new PairsNetwork(Features.Length, hidden, modalities, Scaling.Blocks, Labels), Labels);
            return network.ToState(Pairs(seed, hidden, modalities) with { Kind = kind, Pairs = null }, Row(random, network.ParameterCount));
        }

        var rows = Experts.Length + (kind == "hierarchical" ? 2 : 0);
        return new GateState
        {
            Kind = kind,
            Version = $"seed-{seed}",
            Experts = Experts,
            Scaling = Scaling,
            Weights = Matrix(random, rows, Features.Length),
            Bias = Row(random, rows),
            Hidden = hidden == 0 ? null : new GateHiddenLayer(
                Matrix(random, hidden, Features.Length), Row(random, hidden), Matrix(random, rows, hidden)),
            Modalities = kind == "hierarchical" ? modalities : null,
            Sharpness = kind == "laplace" ? 0.5 + random.NextDouble() : null,
        };
    }

    private static GateState Pairs(int seed, int hidden, string[] modalities)
    {
        var network = new PairsNetwork(Features.Length, hidden, modalities, Scaling.Blocks);
        return new GateState
        {
            Kind = "pairs",
            Version = $"seed-{seed}",
            Experts = Experts,
            Scaling = Scaling,
            Weights = [],
            Bias = [],
            Modalities = modalities,
            Pairs = [.. network.ToTables(Row(new Random(seed), network.ParameterCount)).Select(PairsNetwork.Pair)],
        };
    }

    public static CombinerState Combiner(int seed, string form)
    {
        var random = new Random(seed);
        var outputs = FusionForms.Table[form].InitialScores.Length;
        return new CombinerState
        {
            Version = $"seed-{seed}",
            Form = form,
            Experts = Experts,
            Signals = OpinionSignals.Names,
            Scaling = Scaling,
            SharedWeights = Matrix(random, outputs, OpinionSignals.Count),
            ExpertWeights = Matrix(random, outputs * Experts.Length, OpinionSignals.Count),
            FeatureWeights = Matrix(random, outputs * Experts.Length, Features.Length),
            Temperature = 0.5 + random.NextDouble(),
            Accuracies = [.. Experts.Select(_ => random.NextDouble())],
            Powers = [.. Experts.Select(_ => 2 * random.NextDouble())],
            GainWeights = [.. ExpectedGain.Signals.Select(_ => 2 * random.NextDouble() - 1)],
        };
    }

    public static float[] Input(int seed)
    {
        var random = new Random(seed);
        return [1, (float)(5 + 2 * SyntheticExperts.Gaussian(random)), (float)(-2 + SyntheticExperts.Gaussian(random)), 1, (float)(100 + 30 * SyntheticExperts.Gaussian(random)), 12];
    }

    public static WeightedOpinion[] Opinions(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Experts.Take(count).Select(expert =>
        {
            double[] logs = [.. Row(random, Labels).Select(x => 3 * x)];
            LogSpace.LogSoftmax(logs, logs);
            return new WeightedOpinion(expert, random.NextDouble(), logs);
        })];
    }

    public static double[] Row(Random random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => SyntheticExperts.Gaussian(random))];

    private static double[][] Matrix(Random random, int rows, int length) =>
        [.. Enumerable.Range(0, rows).Select(_ => Row(random, length))];
}
