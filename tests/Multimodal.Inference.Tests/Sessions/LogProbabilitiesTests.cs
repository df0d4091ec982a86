using Multimodal.Inference.Sessions;

namespace Multimodal.Inference.Tests.Sessions;

public sealed class LogProbabilitiesTests
{
    private static double[]? Compute(float[] output, string activation, double temperature = 1)
    {
        var logProbabilities = new double[output.Length];
        var isValid = LogProbabilities.TryCompute(output, LogProbabilities.ByName[activation], temperature, logProbabilities);
        return isValid ? logProbabilities : null;
    }

    // scipy.special.log_softmax([1, 2, 3]) to 12 digits.
    [Fact]
    public void TryCompute_Logits_MatchesTheReference() =>
        Assert.All(
            Compute([1, 2, 3], "softmax")!.Zip([-2.407605964444, -1.407605964444, -0.407605964444]),
            pair => Assert.Equal(pair.Second, pair.First, 1e-11));

    [Fact]
    public void TryCompute_Temperature_DividesTheLogits() =>
        Assert.Equal(Compute([1, 2, 3], "softmax")!, Compute([2.5f, 5, 7.5f], "softmax", 2.5)!);

    [Theory]
    [InlineData(-95f, 1f)]
    [InlineData(3e38f, -3e38f)]
    [InlineData(1e-45f, 0f)]
    [InlineData(-3e38f, -3e38f)]
    public void TryCompute_ExtremeLogits_AreFiniteAndSumToOne(float first, float second)
    {
        var result = Compute([first, second], "softmax")!;

        Assert.All(result, value => Assert.True(double.IsFinite(value)));
        Assert.Equal(1, result.Sum(Math.Exp), 1e-12);
    }

    [Fact]
    public void TryCompute_ProbabilitiesAndTheirLogs_HaveTheSameResult()
    {
        var fromProbabilities = Compute([0.7f, 0.3f, 0], "probabilities")!;
        var fromLogs = Compute([MathF.Log(0.7f), MathF.Log(0.3f), float.NegativeInfinity], "log-probabilities")!;

        Assert.Equal(Math.Log(0.7), fromProbabilities[0], 1e-6);
        Assert.Equal(LogProbabilities.Floor, fromProbabilities[2], 1e-6);
        Assert.All(fromProbabilities.Zip(fromLogs), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Theory]
    [InlineData("softmax", float.NaN)]
    [InlineData("softmax", float.PositiveInfinity)]
    [InlineData("softmax", float.NegativeInfinity)]
    [InlineData("probabilities", float.NaN)]
    [InlineData("probabilities", -0.01f)]
    [InlineData("probabilities", 1.01f)]
    [InlineData("log-probabilities", float.NaN)]
    [InlineData("log-probabilities", 0.01f)]
    public void TryCompute_InvalidOutput_IsFalse(string activation, float bad) => Assert.Null(Compute([0.5f, bad], activation));
}
