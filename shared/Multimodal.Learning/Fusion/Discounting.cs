namespace Multimodal.Learning.Fusion;

/// <summary>
/// Shafer's discounting of a distribution over K labels (1976, A Mathematical Theory of Evidence, section 11.3): t p(k) + (1 - t) / K. It
/// keeps the order of the labels and never increases the confidence. With t = 1, the distribution does not change, to the bit.
/// </summary>
public static class Discounting
{
    /// <summary>Discounts in place.</summary>
    /// <param name="logProbabilities">ln p per label, normalised.</param>
    /// <param name="trust">t in [0, 1]; larger values count as 1, smaller values and NaN as 0.</param>
    public static void Apply(Span<double> logProbabilities, double trust)
    {
        if (trust >= 1)
        {
            return;
        }

        var kept = trust > 0 ? trust : 0;
        var spread = (1 - kept) / logProbabilities.Length;
        for (var k = 0; k < logProbabilities.Length; k++)
        {
            logProbabilities[k] = Math.Log(kept * Math.Exp(logProbabilities[k]) + spread);
        }
    }
}
