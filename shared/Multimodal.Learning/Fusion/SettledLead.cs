namespace Multimodal.Learning.Fusion;

/// <summary>
/// When a sum over opinions cannot be overtaken: each opinion that is out moves the difference of two labels by at most its reach, so
/// a lead of the first label over every other that is larger than all reaches together stays a lead.
/// </summary>
internal static class SettledLead
{
    // Of the reach: rounding in sums of numbers of that size must not decide.
    private const double Slack = 1e-9;

    /// <param name="sums">One per label, over the opinions at hand.</param>
    /// <param name="reach">The most by which those that are out can change the difference of two labels; not negative.</param>
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
