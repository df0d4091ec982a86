using Multimodal.Bench.LearningBench;

namespace Multimodal.Bench.Tests.LearningBench;

public sealed class ViewExpertTests
{
    private static readonly (double[] Row, int Label)[] Corners = [([1, 1], 0), ([-1, -1], 0), ([1, -1], 1), ([-1, 1], 1)];

    [Fact]
    public void Fit_LabelsNoLineCanPart_ReadsThem()
    {
        var expert = Fit(seed: 3);
        Assert.All(Corners, corner => Assert.True(Math.Exp(expert.LogProbabilities(corner.Row)[corner.Label]) > 0.7));
    }

    [Fact]
    public void LogProbabilities_AViewFarAboveTheLimit_SameLabelAndNoMoreConfidence()
    {
        var expert = Fit(seed: 3);
        var limit = expert.LogProbabilities([1.2, 1.2]);
        var loud = expert.LogProbabilities([60, 60]);
        Assert.InRange(loud[0], Math.Log(0.5), limit[0] + 1e-4);
        Assert.Equal(1, loud.Sum(Math.Exp), 6);
    }

    [Fact]
    public void Fit_SameSeed_SameExpert() =>
        Assert.Equal(Fit(seed: 5).LogProbabilities([0.4, -0.9]), Fit(seed: 5).LogProbabilities([0.4, -0.9]));

    private static ViewExpert Fit(int seed)
    {
        (double[] Row, int Label)[] many = [.. Enumerable.Repeat(Corners, 64).SelectMany(corners => corners)];
        double[][] rows = [.. many.Select(m => m.Row)];
        return ViewExpert.Fit(new DenseNetwork(2, 2), NoiseFilter.Fit(rows), (rows, [.. many.Select(m => m.Label)]), 2, new Random(seed));
    }
}
