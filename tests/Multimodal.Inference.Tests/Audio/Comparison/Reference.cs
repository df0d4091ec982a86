namespace Multimodal.Inference.Tests.Audio.Comparison;

/// <summary>Duration and level of a recording.</summary>
/// <param name="Seconds">The duration.</param>
/// <param name="Energy">The mean square of the mixed channels times the duration.</param>
internal readonly record struct Reference(double Seconds, double Energy)
{
    /// <summary>Level in decibels of full scale.</summary>
    public double Level => 10 * Math.Log10((Energy / Math.Max(Seconds, 1e-9)) + 1e-12);

    public static Reference operator +(Reference a, Reference b) => new(a.Seconds + b.Seconds, a.Energy + b.Energy);
}
