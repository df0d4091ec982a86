using System.Numerics.Tensors;

namespace Multimodal.Learning.Online;

/// <summary>
/// ML-Poly (Gaillard, Stoltz and van Erven 2014): w proportional to rate (R)+, with one rate per expert and no parameters. With the largest
/// squared regret so far, B, and the regret r of a feedback: 1/rate increases by r^2 plus the increase of B.
/// </summary>
internal sealed class MlPolyMethod : IOnlineMethod
{
    public string Name => "ml-poly";

    public IReadOnlyDictionary<string, double[]> Start(int experts) => new Dictionary<string, double[]>
    {
        ["regret"] = new double[experts],
        ["inverse-rate"] = new double[experts],
        ["largest-square"] = [0],
    };

    public void LogShares(OnlineState state, Span<double> logShares)
    {
        for (var e = 0; e < logShares.Length; e++)
        {
            // The square of a positive regret is part of the inverse rate, which is therefore above 0.
            var regret = state.Numbers["regret"][e];
            logShares[e] = regret > 0 ? Math.Log(regret / state.Numbers["inverse-rate"][e]) : double.NegativeInfinity;
        }
    }

    public IReadOnlyDictionary<string, double[]> Update(OnlineState state, IOnlineLoss loss, OnlineOpinions opinions, double truth)
    {
        var regrets = new double[opinions.Count];
        loss.Regrets(opinions, truth, gradient: true, regrets);
        TensorPrimitives.Multiply(regrets, opinions.Awake, regrets);
        var before = state.Numbers["largest-square"][0];
        var largest = Math.Max(before, HedgeMethod.LargestSquare(regrets));
        return new Dictionary<string, double[]>
        {
            ["regret"] = [.. state.Numbers["regret"].Select((r, e) => r + regrets[e])],
            ["inverse-rate"] = [.. state.Numbers["inverse-rate"].Select((v, e) => v + regrets[e] * regrets[e] + largest - before)],
            ["largest-square"] = [largest],
        };
    }
}
