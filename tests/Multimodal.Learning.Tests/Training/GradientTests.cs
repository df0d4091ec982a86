using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Training;

/// <summary>Every hand-written gradient against central differences.</summary>
public sealed class GradientTests
{
    private const double Tolerance = 1e-6;

    private static readonly TrainingOptions NoDropout = new() { ModalityDropout = 0, FeatureDropout = 0 };

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Gate_MixtureLikelihood_MatchesCentralDifferences(int hidden)
    {
        RecordedSet set = SyntheticExperts.Make(12, 4);
        PreparedSet prepared = Prepare(set);
        var network = new GateNetwork(set.Features.Count, hidden, set.Experts.Count);
        var objective = new GateObjective(prepared, prepared, network, NoDropout);
        AssertGradient(objective, Start(network.ParameterCount, 0.2), _ => new Random(1));
    }

    [Theory]
    [InlineData("log")]
    [InlineData("discount")]
    [InlineData("linear")]
    public void Combiner_FusedLikelihood_MatchesCentralDifferences(string form)
    {
        RecordedSet set = SyntheticExperts.Make(12, 5);
        FeatureScaling scaling = Scaling(set);
        var gate = new SoftmaxGate(GateTrainer.Train(set, set, NoDropout with { Epochs = 1 }, new Random(1)));
        var objective = new CombinerObjective(set, set, scaling, gate, FusionForms.Table[form], NoDropout);
        AssertGradient(objective, Start(objective.Network.ParameterCount, 0.1), example => new Random(example));
    }

    [Fact]
    public void Stacking_FusedLikelihood_MatchesCentralDifferences()
    {
        PreparedSet prepared = Prepare(SyntheticExperts.Make(12, 6));
        AssertGradient(new StackingObjective(prepared, prepared, NoDropout), Start(prepared.Experts, 0.5), _ => new Random(1));
    }

    /// <summary>The chosen opinions are drawn, so both sides of a difference must draw alike: the same seed per example.</summary>
    private static void AssertGradient(IObjective objective, double[] parameters, Func<int, Random> random)
    {
        var gradient = new double[parameters.Length];
        var scratch = new double[parameters.Length];
        double Loss() => Enumerable.Range(0, objective.Count).Sum(n => objective.AddExample(n, parameters, random(n), scratch));
        for (int n = 0; n < objective.Count; n++)
        {
            objective.AddExample(n, parameters, random(n), gradient);
        }

        double scale = gradient.Max(Math.Abs);
        Assert.True(scale > 0.01, "the gradient vanishes, so the test would show nothing");
        const double Step = 1e-5;
        for (int i = 0; i < parameters.Length; i++)
        {
            double kept = parameters[i];
            parameters[i] = kept + Step;
            double above = Loss();
            parameters[i] = kept - Step;
            double below = Loss();
            parameters[i] = kept;
            double expected = (above - below) / (2 * Step);
            double error = Math.Abs(expected - gradient[i]) / Math.Max(Math.Abs(expected), 1e-3 * scale);
            Assert.True(error < Tolerance, $"parameter {i}: {gradient[i]:R} is not {expected:R}");
        }
    }

    private static double[] Start(int count, double reach) => [.. RandomStates.Row(new Random(9), count).Select(x => reach * x)];

    private static FeatureScaling Scaling(RecordedSet set) =>
        FeatureScaling.Fit(set.Features, set.Blocks, set.Examples.Select(e => (ReadOnlyMemory<float>)e.Features));

    private static PreparedSet Prepare(RecordedSet set) => new(set, Scaling(set));
}
