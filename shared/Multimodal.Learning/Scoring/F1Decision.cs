namespace Multimodal.Learning.Scoring;

/// <summary>
/// Decides on labels for a high weighted F1 score (F1 per label, weighted by the frequency of the true label). The most probable label
/// maximises accuracy, but it is usually a frequent one. H_k, S_k and N_k are the hits, predictions and true occurrences of label k, and
/// F_k is its F1 so far. One more prediction of k, correct with probability p_k, increases sum_k N_k 2 H_k / (S_k + N_k) by about 2 N_k /
/// (S_k + N_k) (p_k - F_k / 2). The decision is the label with the largest gain; for one label, this is the threshold F / 2 of Lipton,
/// Elkan and Naryanaswamy (2014). The counts start as one prediction spread evenly, so the first decision is the most probable label.
/// Immutable.
/// </summary>
public sealed record F1Decision
{
    private readonly double[] _hits;
    private readonly double[] _predicted;
    private readonly double[] _true;

    private F1Decision(double[] hits, double[] predicted, double[] @true) => (_hits, _predicted, _true) = (hits, predicted, @true);

    /// <summary>Before any prediction.</summary>
    /// <param name="labels">Number of labels, at least 1.</param>
    public static F1Decision Start(int labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        var share = 1.0 / labels;
        double[] Filled(double value) => [.. Enumerable.Repeat(value, labels)];
        return new F1Decision(Filled(share * share), Filled(share), Filled(share));
    }

    /// <summary>The label with the largest gain; of equal gains, the first.</summary>
    /// <param name="logProbabilities">ln p per label.</param>
    public int Decide(IReadOnlyList<double> logProbabilities)
    {
        var best = 0;
        var largest = double.NegativeInfinity;
        for (var k = 0; k < _hits.Length; k++)
        {
            var all = _predicted[k] + _true[k];
            var gain = _true[k] / all * (Math.Exp(logProbabilities[k]) - _hits[k] / all);
            if (gain > largest)
            {
                (best, largest) = (k, gain);
            }
        }

        return best;
    }

    /// <summary>The counts after a decision and its truth.</summary>
    /// <param name="predicted">Index of the label that was decided.</param>
    /// <param name="truth">Index of the true label.</param>
    public F1Decision Update(int predicted, int truth)
    {
        double[] Plus(double[] counts, int label, double amount) => [.. counts.Select((count, k) => k == label ? count + amount : count)];
        return new F1Decision(Plus(_hits, predicted, predicted == truth ? 1 : 0), Plus(_predicted, predicted, 1), Plus(_true, truth, 1));
    }
}
