namespace Multimodal.Learning.Numerics;

/// <summary>Scalar link functions that are accurate in both tails.</summary>
public static class Activation
{
    /// <summary>1 / (1 + e^-x), in [0, 1].</summary>
    public static double Sigmoid(double x)
    {
        var e = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <summary>ln(1 + e^x), at least 0; its derivative is <see cref="Sigmoid"/>.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    // ln(1 + e) for e in [0, 1], accurate even if 1 + e rounds to 1 (Goldberg 1991, theorem 4).
    private static double LogOnePlus(double e)
    {
        var sum = 1 + e;
        return sum == 1 ? e : Math.Log(sum) * (e / (sum - 1));
    }
}
