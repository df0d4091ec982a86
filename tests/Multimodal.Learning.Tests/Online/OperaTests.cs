using System.Globalization;
using Multimodal.Learning.Online;
using Multimodal.Testing;

namespace Multimodal.Learning.Tests.Online;

/// <summary>
/// Three real forecasts of French electricity load over 112 weeks, with the figures of the R package opera on the same files.
/// </summary>
public sealed class OperaTests
{
    private static readonly string[] Experts = ["gam", "ar", "gbm"];

    [Fact]
    public void MlPoly_ElectricityLoad_MatchesOpera()
    {
        var (error, state) = Run("ml-poly", "square");
        Assert.Equal(1457.5, error, 0.05);
        var weights = OnlineLearners.Table["ml-poly"].Weights(state, [1, 1, 1]);
        Assert.Equal([0.577, 0.423, 0.000], weights.Select(w => Math.Round(w, 3)));
    }

    [Fact]
    public void Boa_ElectricityLoad_MatchesOpera() => Assert.Equal(1500.6, Run("boa", "square").Error, 0.05);

    /// <summary>
    /// Every learner has a lower error than the uniform pool (1560.2) and hardly a lower one than the best fixed mixture in hindsight
    /// (1440).
    /// </summary>
    [Theory]
    [InlineData("hedge")]
    [InlineData("fixed-share")]
    [InlineData("ml-poly")]
    [InlineData("boa")]
    [InlineData("moe-f")]
    public void AnyLearner_ElectricityLoad_BeatsTheUniformPool(string learner) =>
        Assert.InRange(Run(learner, "square").Error, 1400, 1560.2);

    private static (double Error, OnlineState State) Run(string learner, string loss)
    {
        Assert.SkipWhen(!File.Exists(RepositoryFiles.DataSet("opera", "experts.csv")), "the data set opera is absent");
        var forecasts = Read("experts.csv");
        var truths = Read("targets.csv");
        var online = OnlineLearners.Table[learner];
        var state = online.Start(Experts, loss);
        double squares = 0;
        foreach (var (opinions, truth) in forecasts.Zip(truths))
        {
            var prediction = online.Predict(state, [1, 1, 1], [.. opinions.Select(o => new[] { o })]);
            squares += Math.Pow(prediction.Answer![0] - truth[0], 2);
            state = online.Update(state, prediction, truth[0]);
        }

        return (Math.Sqrt(squares / truths.Length), state);
    }

    private static double[][] Read(string file) =>
    [
        .. File.ReadLines(RepositoryFiles.DataSet("opera", file)).Skip(1)
            .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()),
    ];
}
