using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Training;

/// <summary>The expected gain of another opinion, fitted to the gains on recorded opinions.</summary>
public sealed class ExpectedGainTrainerTests
{
    private static readonly RecordedSet Train = SyntheticExperts.Make(1500, 1);
    private static readonly IGate Gate = Gates.Open(
        GateTrainer.Train(Train, SyntheticExperts.Make(300, 2), new TrainingOptions { Epochs = 4 }, new TrainingRun(new Random(3))));
    private static readonly IFusionRule Rule = FusionRules.Table["log"](null);

    [Fact]
    public void Loss_Gradient_MatchesCentralDifferences()
    {
        var cases = ExpectedGainTrainer.Collect(
            Train with { Examples = [.. Train.Examples.Take(200)] }, Gate, Rule, CancellationToken.None);
        double[] theta = [0.3, -0.7, 0.9, 0.4, -0.2, 1.1];
        var gradient = new double[theta.Length];
        ExpectedGainTrainer.Loss(cases, theta, gradient);
        var scratch = new double[theta.Length];
        for (var i = 0; i < theta.Length; i++)
        {
            const double Step = 1e-5;
            double[] up = [.. theta];
            double[] down = [.. theta];
            up[i] += Step;
            down[i] -= Step;
            var expected = (ExpectedGainTrainer.Loss(cases, up, scratch) - ExpectedGainTrainer.Loss(cases, down, scratch)) / (2 * Step);
            Assert.Equal(expected, gradient[i], 1e-6 * Math.Max(1e-3, Math.Abs(expected)));
        }
    }

    [Fact]
    public void Fit_Converged_GradientIsZero()
    {
        var cases = ExpectedGainTrainer.Collect(Train, Gate, Rule, CancellationToken.None);
        var theta = ExpectedGainTrainer.Fit(Train, Gate, Rule);
        var gradient = new double[theta.Length];
        var least = ExpectedGainTrainer.Loss(cases, theta, gradient);
        Assert.All(gradient, g => Assert.True(Math.Abs(g) < 1e-4, $"{g}"));
        Assert.True(least < ExpectedGainTrainer.Loss(cases, new double[theta.Length], gradient));
    }

    [Fact]
    public void Collect_OneRequest_GainMatchesTheAnswers()
    {
        // One modality, two experts: the first is confident in a wrong label, the second more confident in the true one.
        var one = Train with
        {
            Experts = [new RecordedExpert("a", Train.Experts[0].Modality), new RecordedExpert("b", Train.Experts[0].Modality)],
            LabelCount = 3,
            Examples = [Train.Examples[0] with { Label = 2, Opinions = [[Math.Log(0.6), Math.Log(0.3), Math.Log(0.1)], [Math.Log(0.01), Math.Log(0.01), Math.Log(0.98)]] }],
        };
        var product = FusionRules.Table["product"](null);
        var only = Assert.Single(ExpectedGainTrainer.Collect(one, new FirstOfTwo(one.Features), product, CancellationToken.None));
        var total = 0.6 * 0.01 + 0.3 * 0.01 + 0.1 * 0.98;
        Assert.Equal((1 + (0.1 * 0.98 - 0.6 * 0.01) / total) / 2, only.Gain, 9);
        Assert.Equal(0.4, only.ErrorProbability, 9);
        Assert.Equal([1, 1, -1.0 / 8, 0, Math.Log(0.4) / Math.Log(1e6), 0.75], only.Signals, (x, y) => Math.Abs(x - y) < 1e-9);
    }

    /// <summary>The first expert has e times the weight of the second.</summary>
    private sealed class FirstOfTwo(IReadOnlyList<string> features) : IGate
    {
        public string Version => "1";

        public IReadOnlyList<string> Experts { get; } = ["a", "b"];

        public IReadOnlyList<string> Features { get; } = features;

        public void Score(ReadOnlySpan<float> features, Span<double> logits) => (logits[0], logits[1]) = (1, 0);
    }
}
