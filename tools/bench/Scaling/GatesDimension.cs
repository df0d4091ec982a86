using Multimodal.Inference.Features;
using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;

namespace Multimodal.Bench.Scaling;

/// <summary>Experts that a gate scores, for each kind of network, in this process.</summary>
internal sealed class GatesDimension : IDimension
{
    private const double Proportional = 1.15;

    // A gate of pairs has an output for each two experts, and a gate has at most 1,024 outputs.
    private const double Quadratic = 2.1;
    private const int MaxOfPairs = 40;
    private const int Scores = 500;
    private static readonly string[] Modalities = ["text", "image", "audio"];
    private static readonly IReadOnlyList<string> Features = RequestFeatures.Names;

    public string Name => "gates";

    public string Quantity => "experts that the gate scores";

    public async Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken)
    {
        var sizes = run.Sizes(300, 3, 10, 40, 100, 300, 1000);
        int[] pairs = [.. sizes.Where(size => size <= MaxOfPairs)];
        return
        [
            await CurveAsync(run, "soft", sizes, Proportional),
            await CurveAsync(run, "laplace", sizes, Proportional),
            await CurveAsync(run, "hierarchical", sizes, Proportional),
            await CurveAsync(run, "pairs", pairs, Quadratic),
        ];
    }

    private static async Task<Curve> CurveAsync(ScalingRun run, string kind, int[] sizes, double maxExponent)
    {
        var gates = sizes.ToDictionary(size => size, size => Gates.Open(State(kind, size)));
        var input = new float[Features.Count];
        var points = await run.MeasureAsync(sizes, size => Task.FromResult(Cost(gates[size], input)));
        return new Curve($"gate {kind}", "ms", points, GrowthBound.Exponent(maxExponent));
    }

    private static double Cost(IGate gate, float[] input)
    {
        var logits = new double[gate.Experts.Count];
        var before = Environment.CpuUsage.TotalTime;
        for (var number = 0; number < Scores; number++)
        {
            input[0] = number;
            gate.Score(input, logits);
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Scores;
    }

    private static GateState State(string kind, int experts)
    {
        var rows = kind switch
        {
            "hierarchical" => experts + Math.Min(experts, Modalities.Length),
            "pairs" => 0,
            _ => experts,
        };
        return new GateState
        {
            Kind = kind,
            Version = "none",
            Experts = [.. Enumerable.Range(0, experts).Select(expert => $"expert-{expert}")],
            Scaling = new FeatureScaling { Features = Features, Blocks = [], Mean = new double[Features.Count], Scale = new double[Features.Count] },
            Weights = [.. Enumerable.Range(0, rows).Select(_ => new double[Features.Count])],
            Bias = new double[rows],
            Modalities = kind is "hierarchical" or "pairs" ? [.. Enumerable.Range(0, experts).Select(expert => Modalities[expert % Modalities.Length])] : null,
            Sharpness = kind == "laplace" ? 1 : null,
            Pairs = kind == "pairs" ? [.. Enumerable.Range(0, experts * (experts + 1) / 2).Select(_ => new GatePair(new double[Features.Count], 0, null))] : null,
        };
    }
}
