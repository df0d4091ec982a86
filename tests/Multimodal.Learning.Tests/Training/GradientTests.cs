using Multimodal.Learning.Data;
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

    public static TheoryData<string, int> Kinds
    {
        get
        {
            var kinds = new TheoryData<string, int>();
            foreach (var kind in Gates.Names)
            {
                kinds.Add(kind, 0);
                if (kind != "laplace")
                {
                    kinds.Add(kind, 5);
                }
            }

            return kinds;
        }
    }

    /// <summary>The whole batch at once, because noise, capacity and balance depend on all examples.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gate_LossOfItsKind_MatchesCentralDifferences(string kind, int hidden)
    {
        var set = SyntheticExperts.Make(12, 4);
        var prepared = Prepare(set);
        var network = Gates.Table[kind].CreateNetwork(set, hidden);
        var options = NoDropout with { Balance = 0.3, ZLoss = 0.05 };
        var objective = new GateObjective(prepared, prepared, Gates.Table[kind], network, set.Experts, options);
        var parameters = Start(network.ParameterCount, 0.2);
        objective.BeginRound(parameters);
        AssertGradient(objective, parameters, _ => new Random(1));
    }

    [Theory]
    [InlineData("log")]
    [InlineData("discount")]
    [InlineData("linear")]
    public void Combiner_FusedLikelihood_MatchesCentralDifferences(string form)
    {
        var set = SyntheticExperts.Make(12, 5);
        var scaling = Scaling(set);
        var gate = new SoftmaxGate(GateTrainer.Train(set, set, NoDropout with { Epochs = 1 }, new TrainingRun(new Random(1))));
        var objective = new CombinerObjective(set, set, FusionForms.Table[form], new CombinerSetup(gate, scaling, NoDropout));
        AssertGradient(objective, Start(objective.Network.ParameterCount, 0.1), example => new Random(example));
    }

    [Fact]
    public void Stacking_FusedLikelihood_MatchesCentralDifferences()
    {
        var prepared = Prepare(SyntheticExperts.Make(12, 6));
        AssertGradient(new StackingObjective(prepared, prepared, NoDropout), Start(prepared.Experts, 0.5), _ => new Random(1));
    }

    /// <summary>The opinions of an example are drawn at random, so both sides of a difference use the same seed per example.</summary>
    private static void AssertGradient(IObjective objective, double[] parameters, Func<int, Random> random)
    {
        var gradient = new double[parameters.Length];
        var scratch = new double[parameters.Length];
        int[] all = [.. Enumerable.Range(0, objective.Count)];
        double Sum(double[] into) => objective is GateObjective
            ? objective.AddBatch(all, parameters, random(0), into)
            : all.Sum(n => objective.AddExample(n, parameters, random(n), into));
        double Loss() => Sum(scratch);
        Sum(gradient);

        var scale = gradient.Max(Math.Abs);
        Assert.True(scale > 0.01, "the gradient is too small for this test");
        const double Step = 1e-5;
        for (var i = 0; i < parameters.Length; i++)
        {
            var kept = parameters[i];
            parameters[i] = kept + Step;
            var above = Loss();
            parameters[i] = kept - Step;
            var below = Loss();
            parameters[i] = kept;
            var expected = (above - below) / (2 * Step);
            var error = Math.Abs(expected - gradient[i]) / Math.Max(Math.Abs(expected), 1e-3 * scale);
            Assert.True(error < Tolerance, $"parameter {i}: {gradient[i]:R} is not {expected:R}");
        }
    }

    private static double[] Start(int count, double reach) => [.. RandomStates.Row(new Random(9), count).Select(x => reach * x)];

    private static FeatureScaling Scaling(RecordedSet set) =>
        FeatureScaling.Fit(set.Features, set.Blocks, set.Examples.Select(e => (ReadOnlyMemory<float>)e.Features));

    private static PreparedSet Prepare(RecordedSet set) => new(set, Scaling(set));
}
