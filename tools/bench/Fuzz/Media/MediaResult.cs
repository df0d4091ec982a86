using System.Globalization;

namespace Multimodal.Bench.Fuzz.Media;

/// <summary>How an input ended.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Ms">Milliseconds.</param>
/// <param name="IsFinding">Whether this outcome is a finding.</param>
/// <param name="Outcome">How it ended.</param>
internal sealed record MediaResult(int Number, double Ms, bool IsFinding, string Outcome)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Number}\t{Ms:0.0}\t{(IsFinding ? 1 : 0)}\t{Outcome}\t.");

    /// <summary>Reads a line.</summary>
    /// <returns>Null if it is incomplete.</returns>
    public static MediaResult? Parse(string line)
    {
        var parts = line.Split('\t');
        return parts.Length == 5 && parts[4] == "."
            ? new MediaResult(
                int.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture), parts[2] == "1", parts[3])
            : null;
    }
}
