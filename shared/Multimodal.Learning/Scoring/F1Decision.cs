namespace Multimodal.Learning.Scoring;

/// <summary>
/// The label to commit to when judged by weighted F1 (F1 per label, weighed by how often it is true) rather than by accuracy, where the most
/// frequent label is mostly the favourite and the rare ones are never said. With H hits, S times said and N times true per label,
/// sum_k N_k 2 H_k / (S_k + N_k) gains by one more answer k, right with probability p_k, about 2 N_k / (S_k + N_k) (p_k - F_k / 2), F_k the F1 so far: the label
/// with the largest gain is said (for one label this is the threshold F / 2 of Lipton, Elkan and Naryanaswamy 2014). The counts start as one
/// answer spread evenly, so the first choice is the favourite. An immutable value; a truth enters only by <see cref="Update"/>.
/// </summary>
public sealed record F1Decision
{
    private readonly double[] _hits;
    private readonly double[] _said;
    private readonly double[] _were;

    private F1Decision(double[] hits, double[] said, double[] were) => (_hits, _said, _were) = (hits, said, were);

    /// <summary>Before any answer.</summary>
    /// <param name="labels">Number of labels, at least 1.</param>
    public static F1Decision Start(int labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        var share = 1.0 / labels;
        double[] Filled(double value) => [.. Enumerable.Repeat(value, labels)];
        return new F1Decision(Filled(share * share), Filled(share), Filled(share));
    }

    /// <summary>The label to say; the first among equals.</summary>
    /// <param name="logProbabilities">ln p per label.</param>
    public int Decide(IReadOnlyList<double> logProbabilities)
    {
        var best = 0;
        var most = double.NegativeInfinity;
        for (var k = 0; k < _hits.Length; k++)
        {
            var all = _said[k] + _were[k];
            var gain = _were[k] / all * (Math.Exp(logProbabilities[k]) - _hits[k] / all);
            if (gain > most)
            {
                (best, most) = (k, gain);
            }
        }

        return best;
    }

    /// <summary>What is known after a truth.</summary>
    /// <param name="said">The label that was said.</param>
    /// <param name="truth">The label that was true.</param>
    public F1Decision Update(int said, int truth)
    {
        double[] Plus(double[] counts, int label, double one) => [.. counts.Select((count, k) => k == label ? count + one : count)];
        return new F1Decision(Plus(_hits, said, said == truth ? 1 : 0), Plus(_said, said, 1), Plus(_were, truth, 1));
    }
}
