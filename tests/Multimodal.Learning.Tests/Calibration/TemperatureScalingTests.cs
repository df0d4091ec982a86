using Multimodal.Learning.Calibration;
using Multimodal.Learning.Tests.Data;

namespace Multimodal.Learning.Tests.Calibration;

public sealed class TemperatureScalingTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(2.5)]
    public void Fit_LabelsDrawnAtATemperature_IsThatTemperature(double truth)
    {
        var random = new Random(5);
        List<double[]> logits = [];
        List<int> labels = [];
        for (var i = 0; i < 20_000; i++)
        {
            double[] z = [.. RandomStates.Row(random, 4).Select(x => 2 * x)];
            var logs = new double[4];
            TemperatureScaling.Apply(z, truth, logs);
            var draw = random.NextDouble();
            var label = 0;
            while (label < 3 && (draw -= Math.Exp(logs[label])) > 0)
            {
                label++;
            }

            logits.Add(z);
            labels.Add(label);
        }

        Assert.Equal(truth, TemperatureScaling.Fit(logits, labels), truth * 0.04);
    }

    [Fact]
    public void Fit_AllCorrect_IsTheLowerBound() =>
        Assert.Equal(0.05, TemperatureScaling.Fit([[1, 0], [0, 1]], [0, 1]), 1e-5);

    [Fact]
    public void Fit_NoExamples_IsOne() => Assert.Equal(1, TemperatureScaling.Fit([], []));

    [Fact]
    public void Apply_TwoLogits_MatchesReference()
    {
        var logs = new double[2];
        TemperatureScaling.Apply([2, 0], 2, logs);
        Assert.Equal(-0.31326168751822286, logs[0], 14);
    }
}
