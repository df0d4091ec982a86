using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Scoring;

/// <summary>Quality of a set of forecasts.</summary>
/// <param name="Count">Number of forecasts.</param>
/// <param name="Accuracy">Share of forecasts whose most probable label is the true one, in [0, 1].</param>
/// <param name="Nll">Mean -ln p(label), in nats.</param>
/// <param name="Brier">Mean sum_k (p(k) - [k = label])^2, in [0, 2] (Brier 1950).</param>
/// <param name="Ece">Expected calibration error over 15 equal bins of confidence, in [0, 1] (Guo et al. 2017).</param>
/// <param name="Bins">The reliability diagram of <paramref name="Ece"/>.</param>
public sealed record Scorecard(
    int Count, double Accuracy, double Nll, double Brier, double Ece, IReadOnlyList<ReliabilityBin> Bins)
{
    /// <summary>Number of bins of the reliability diagram; bin b has confidences in (b/15, (b+1)/15].</summary>
    public const int BinCount = 15;

    // Keeps the mean NLL finite if a forecast gives the true label probability 0.
    private const double MinLog = -100;

    /// <summary>Mean probability of the most probable label, in [0, 1].</summary>
    public double MeanConfidence => Bins.Sum(bin => bin.Count * bin.Confidence) / Math.Max(1, Count);

    /// <summary>Scores forecasts. All figures are 0 without forecasts.</summary>
    /// <param name="logProbabilities">ln p [forecasts x labels]; minus infinity is allowed.</param>
    /// <param name="labels">Index of the true label of each forecast.</param>
    public static Scorecard Of(IReadOnlyList<IReadOnlyList<double>> logProbabilities, IReadOnlyList<int> labels)
    {
        var count = new int[BinCount];
        var confidence = new double[BinCount];
        var correct = new double[BinCount];
        double nll = 0;
        double brier = 0;
        for (var i = 0; i < logProbabilities.Count; i++)
        {
            double[] logs = [.. logProbabilities[i]];
            var favourite = Distribution.ArgMax(logs);
            var p = Math.Exp(logs[favourite]);
            var bin = Math.Clamp((int)Math.Ceiling(p * BinCount) - 1, 0, BinCount - 1);
            count[bin]++;
            confidence[bin] += p;
            correct[bin] += favourite == labels[i] ? 1 : 0;
            nll -= Math.Max(logs[labels[i]], MinLog);
            for (var k = 0; k < logs.Length; k++)
            {
                var error = Math.Exp(logs[k]) - (k == labels[i] ? 1 : 0);
                brier += error * error;
            }
        }

        double total = Math.Max(1, logProbabilities.Count);
        double ece = 0;
        var bins = new ReliabilityBin[BinCount];
        for (var b = 0; b < BinCount; b++)
        {
            double n = Math.Max(1, count[b]);
            bins[b] = new ReliabilityBin(count[b], confidence[b] / n, correct[b] / n);
            ece += Math.Abs(correct[b] - confidence[b]) / total;
        }

        return new Scorecard(logProbabilities.Count, correct.Sum() / total, nll / total, brier / total, ece, bins);
    }
}
