using System.Globalization;

namespace Multimodal.Tool.Commands;

/// <summary>A measured figure beside the bound it must keep.</summary>
internal sealed record WantedFigure(string Name, double Measured, string Wanted, bool Met)
{
    // 3,973 and 3,961 of 4,000 are 0.3 points apart, and by rounding more.
    private const double Rounding = 1e-9;

    public static WantedFigure AtLeast(string name, double measured, double bound) => new(name, measured, $"at least {Format(bound)}", measured >= bound - Rounding);

    public static WantedFigure AtMost(string name, double measured, double bound) => new(name, measured, $"at most {Format(bound)}", measured <= bound + Rounding);

    public static string Format(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
