namespace Multimodal.Bench.DigitsBench;

/// <summary>Mean accuracy, in [0, 1], at each position of a stream whose second half has a faulty expert.</summary>
/// <param name="Learner">Accuracy of the learner.</param>
/// <param name="Oracle">Accuracy of the best fixed weights of each half in hindsight.</param>
internal sealed record AccuracyCurve(double[] Learner, double[] Oracle)
{
    private const int Window = 100;
    private const double Tolerance = 0.01;

    /// <summary>Mean accuracies over a window.</summary>
    /// <param name="feedbacks">Start of the window, in feedbacks relative to the start of the fault; negative before it.</param>
    /// <param name="window">Length of the window, in feedbacks.</param>
    public (double Learner, double Oracle) After(int feedbacks, int window)
    {
        var start = Learner.Length / 2 + feedbacks;
        return (Learner[start..(start + window)].Average(), Oracle[start..(start + window)].Average());
    }

    /// <summary>
    /// Feedbacks after the start of the fault until the learner is within one point of the oracle, both in the window and over the rest of
    /// the stream. The length of the second half if that never happens.
    /// </summary>
    public int Recovered()
    {
        var remaining = Learner.Length - Learner.Length / 2;
        for (var n = 0; n + Window <= remaining; n += Window / 4)
        {
            var (now, best) = After(n, Window);
            var (rest, bestRest) = After(n, remaining - n);
            if (now >= best - Tolerance && rest >= bestRest - Tolerance)
            {
                return n;
            }
        }

        return remaining;
    }
}
