using System.Numerics.Tensors;

namespace Multimodal.Learning.Online;

/// <summary>
/// BOA, Bernstein online aggregation (Wintenberger 2017), with one adaptive rate per expert as in the R package opera. With the regret r of
/// a feedback: V increases by 2.2 r^2, the regularised regret by r - r^2 / sqrt(V), and w is proportional to exp(regret / sqrt(V)) /
/// sqrt(V).
/// </summary>
internal sealed class BoaMethod : IOnlineMethod
{
    private const double VarianceFactor = 2.2;

    public string Name => "boa";

    public IReadOnlyDictionary<string, double[]> Start(int experts) => new Dictionary<string, double[]>
    {
        ["regret"] = new double[experts],
        ["variance"] = new double[experts],
    };

    public void LogShares(OnlineState state, Span<double> logShares)
    {
        // Experts without feedback get the smallest rate of all; before any feedback, the shares are equal.
        var largest = state.Numbers["variance"].Max();
        for (var e = 0; e < logShares.Length; e++)
        {
            var variance = state.Numbers["variance"][e] is > 0 and var own ? own : largest;
            logShares[e] = variance > 0 ? state.Numbers["regret"][e] / Math.Sqrt(variance) - 0.5 * Math.Log(variance) : 0;
        }
    }

    public IReadOnlyDictionary<string, double[]> Update(OnlineState state, IOnlineLoss loss, OnlineOpinions opinions, double truth)
    {
        var regrets = new double[opinions.Count];
        loss.Regrets(opinions, truth, gradient: true, regrets);
        TensorPrimitives.Multiply(regrets, opinions.Awake, regrets);
        double[] variance = [.. state.Numbers["variance"].Select((v, e) => v + VarianceFactor * regrets[e] * regrets[e])];
        return new Dictionary<string, double[]>
        {
            ["regret"] = [.. state.Numbers["regret"].Select((r, e) =>
                r + (variance[e] > 0 ? regrets[e] - regrets[e] * regrets[e] / Math.Sqrt(variance[e]) : 0))],
            ["variance"] = variance,
        };
    }
}
