using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Scoring;

/// <summary>How good a set of forecasts was.</summary>
/// <param name="Count">Number of forecasts.</param>
/// <param name="Accuracy">Share whose most probable label was the true one.</param>
/// <param name="Nll">Mean -ln p(label), in nats.</param>
/// <param name="Brier">Mean sum_k (p(k) - [k = label])^2, in [0, 2] (Brier 1950).</param>
/// <param name="Ece">Expected calibration error over 15 equal bins of confidence, in [0, 1] (Guo et al. 2017).</param>
/// <param name="Bins">The reliability diagram behind <paramref name="Ece"/>.</param>
public sealed record Scorecard(
    int Count, double Accuracy, double Nll, double Brier, double Ece, IReadOnlyList<ReliabilityBin> Bins)
{
    /// <summary>Bins of the reliability diagram; bin b holds confidences in (b/15, (b+1)/15].</summary>
    public const int BinCount = 15;

    // A forecast that gave the truth no chance at all would make every mean infinite.
    private const double LeastLog = -100;

    /// <summary>Mean probability of the favourite label, in [0, 1].</summary>
    public double MeanConfidence => Bins.Sum(bin => bin.Count * bin.Confidence) / Math.Max(1, Count);

    /// <summary>Scores forecasts; all figures are 0 when there are none.</summary>
    /// <param name="logProbabilities">One row per forecast: ln p per label; minus infinity allowed.</param>
    /// <param name="labels">The true label of each row.</param>
    public static Scorecard Of(IReadOnlyList<IReadOnlyList<double>> logProbabilities, IReadOnlyList<int> labels)
    {
        var count = new int[BinCount];
        var confidence = new double[BinCount];
        var right = new double[BinCount];
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
            right[bin] += favourite == labels[i] ? 1 : 0;
            nll -= Math.Max(logs[labels[i]], LeastLog);
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
            bins[b] = new ReliabilityBin(count[b], confidence[b] / n, right[b] / n);
            ece += Math.Abs(right[b] - confidence[b]) / total;
        }

        return new Scorecard(logProbabilities.Count, right.Sum() / total, nll / total, brier / total, ece, bins);
    }
}
