namespace Multimodal.Learning.Fusion;

/// <summary>
/// A lead that outstanding opinions cannot overtake. Each outstanding opinion changes the difference of two labels by at most its reach. If
/// the first label leads every other by more than the sum of all reaches, it stays first.
/// </summary>
internal static class SettledLead
{
    // Relative margin for rounding errors of the sums.
    private const double Slack = 1e-9;

    /// <summary>Whether the lead of the first label is settled.</summary>
    /// <param name="sums">One sum per label, over the opinions that have arrived.</param>
    /// <param name="reach">
    /// The maximum by which all outstanding opinions together can change the difference of two labels, at least 0.
    /// </param>
    public static bool Holds(ReadOnlySpan<double> sums, double reach)
    {
        var first = double.NegativeInfinity;
        var second = double.NegativeInfinity;
        foreach (var sum in sums)
        {
            (first, second) = sum > first ? (sum, first) : (first, Math.Max(second, sum));
        }

        return first - second > reach + Slack * (1 + Math.Abs(first) + reach);
    }
}
