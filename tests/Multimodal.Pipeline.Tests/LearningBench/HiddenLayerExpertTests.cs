using Multimodal.Tool.LearningBench;

namespace Multimodal.Pipeline.Tests.LearningBench;

public sealed class HiddenLayerExpertTests
{
    private static readonly (double[] Row, int Label)[] Corners = [([1, 1], 0), ([-1, -1], 0), ([1, -1], 1), ([-1, 1], 1)];

    [Fact]
    public void Fit_LabelsNoLineCanPart_ReadsThem()
    {
        HiddenLayerExpert expert = Fit(seed: 3);
        Assert.All(Corners, corner => Assert.True(Math.Exp(expert.LogProbabilities(corner.Row)[corner.Label]) > 0.7));
    }

    [Fact]
    public void LogProbabilities_AViewFarTooLoud_AreThoseOfTheLimit()
    {
        HiddenLayerExpert expert = Fit(seed: 3);
        double[] limit = expert.LogProbabilities([1.2, 1.2]);
        double[] loud = expert.LogProbabilities([60, 60]);
        Assert.All(limit.Zip(loud), pair => Assert.Equal(pair.First, pair.Second, 4));
        Assert.Equal(1, loud.Sum(Math.Exp), 6);
    }

    [Fact]
    public void Fit_SameSeed_SameExpert() =>
        Assert.Equal(Fit(seed: 5).LogProbabilities([0.4, -0.9]), Fit(seed: 5).LogProbabilities([0.4, -0.9]));

    private static HiddenLayerExpert Fit(int seed)
    {
        (double[] Row, int Label)[] many = [.. Enumerable.Repeat(Corners, 64).SelectMany(corners => corners)];
        return HiddenLayerExpert.Fit([.. many.Select(m => m.Row)], [.. many.Select(m => m.Label)], 2, new Random(seed));
    }
}
