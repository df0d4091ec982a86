namespace Multimodal.Learning.Fusion;

/// <summary>
/// Shafer's discounting (1976, A Mathematical Theory of Evidence, section 11.3) of a distribution over labels: believed with probability
/// t, otherwise it says nothing, t p(k) + (1 - t) / K. It keeps the order of the labels, never makes anybody surer, and at t = 1
/// changes not one bit.
/// </summary>
public static class Discounting
{
    /// <summary>Discounts in place.</summary>
    /// <param name="logProbabilities">Natural-log probabilities; exp sums to one.</param>
    /// <param name="trust">t in [0, 1]; above counts as 1, below or NaN as 0.</param>
    public static void Apply(Span<double> logProbabilities, double trust)
    {
        if (trust >= 1)
        {
            return;
        }

        var believed = trust > 0 ? trust : 0;
        var nothing = (1 - believed) / logProbabilities.Length;
        for (var k = 0; k < logProbabilities.Length; k++)
        {
            logProbabilities[k] = Math.Log(believed * Math.Exp(logProbabilities[k]) + nothing);
        }
    }
}
