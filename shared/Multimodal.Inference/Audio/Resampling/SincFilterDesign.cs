namespace Multimodal.Inference.Audio.Resampling;

/// <summary>
/// The low-pass filter of libsoxr (0.1.3, high quality) for a pair of rates, as a sinc with a Kaiser window. The constants are
/// least-squares fits to its impulse responses for about thirty pairs.
/// </summary>
/// <param name="Cutoff">Cutoff as a share of the lower Nyquist frequency.</param>
/// <param name="HalfPeriods">Half the filter length, in periods of the lower rate.</param>
/// <param name="Beta">Shape parameter of the Kaiser window.</param>
/// <remarks>
/// libsoxr halves the rate until a factor below 4 is left, and each halving makes the combined filter longer. For a remaining factor of 2
/// or 3 it uses one filter, which the fit matches to 130 dB. For other factors it uses a bank of short, interpolated filters, which a
/// single sinc matches to 65 to 80 dB.
/// </remarks>
internal readonly record struct SincFilterDesign(double Cutoff, double HalfPeriods, double Beta)
{
    // Half lengths after zero, one, two and three halvings, for the factors 2 and 3.
    private static readonly double[] ByTwo = [97.25, 102.25, 105.25, 107.25];
    private static readonly double[] ByThree = [96.833, 101.5, 104.833, 106.833];

    // The factor of 44.1 kHz and its multiples and fractions to 8 or 16 kHz, and of rates close to them.
    private const double CompactDisc = 2.75625;

    /// <summary>Designs the filter for two rates, in hertz.</summary>
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
            > CompactDisc - 0.02 and < CompactDisc + 0.02 =>
                new SincFilterDesign(0.956843, 109.67 + (6.1 * stages), 15.978 + (0.972 * stages)),
            _ => new SincFilterDesign(0.95686, 104.9 + (5.3 * stages), 14.55 + (0.85 * stages)),
        };
    }
}
