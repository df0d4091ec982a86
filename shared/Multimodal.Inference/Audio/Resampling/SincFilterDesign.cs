namespace Multimodal.Inference.Audio.Resampling;

/// <summary>
/// The low-pass that libsoxr (0.1.3, high quality) applies for a pair of rates, as a sinc under a Kaiser window. The constants are least-squares
/// fits to its impulse responses for some thirty pairs.
/// </summary>
/// <param name="Cutoff">Share of the lower Nyquist frequency.</param>
/// <param name="HalfPeriods">Half the length, in periods of the lower rate.</param>
/// <param name="Beta">The window's parameter.</param>
/// <remarks>
/// libsoxr halves the rate until less than a factor of 4 is left; each halving lengthens the filter. A remaining factor of 2 or 3 is one filter, which the
/// fit meets to 130 dB. Any other factor goes through a bank of short, interpolated filters, which a single sinc meets to 65 to 80 dB.
/// </remarks>
internal readonly record struct SincFilterDesign(double Cutoff, double HalfPeriods, double Beta)
{
    // Half lengths after no, one, two and three halvings, for the factors 2 and 3.
    private static readonly double[] ByTwo = [97.25, 102.25, 105.25, 107.25];
    private static readonly double[] ByThree = [96.833, 101.5, 104.833, 106.833];

    // 44.1 kHz and its fractions to 8 or 16 kHz, and what is close to them.
    private const double CompactDisc = 2.75625;

    /// <summary>The shape for two rates, in samples per second.</summary>
    public static SincFilterDesign For(int inputRate, int outputRate)
    {
        var (factor, halvings) = ((double)inputRate / outputRate, 0);
        for (; factor >= 4; factor /= 2)
        {
            halvings++;
        }

        for (; factor < 2; factor *= 2)
        {
        }

        var stages = Math.Log2(halvings + 1);
        var table = Math.Min(halvings, ByTwo.Length - 1);
        return factor switch
        {
            2 => new SincFilterDesign(0.95687183, ByTwo[table], 13.04 + (0.6715 * stages)),
            3 => new SincFilterDesign(0.95687183, ByThree[table], 13.04 + (0.6715 * stages)),
            > CompactDisc - 0.02 and < CompactDisc + 0.02 => new SincFilterDesign(0.956843, 109.67 + (6.1 * stages), 15.978 + (0.972 * stages)),
            _ => new SincFilterDesign(0.95686, 104.9 + (5.3 * stages), 14.55 + (0.85 * stages)),
        };
    }
}
