using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>
/// Fixed-Share (Herbster and Warmuth 1998): v proportional to v exp(rate awake r), then v = (1 - share) v + share / N. No share falls below
/// share / N, so an expert recovers quickly when it becomes the best.
/// </summary>
internal sealed class FixedShareMethod : IOnlineMethod
{
    public string Name => "fixed-share";

    public IReadOnlyDictionary<string, double[]> Start(int experts) => new Dictionary<string, double[]>
    {
        ["shares"] = [.. Enumerable.Repeat(1.0 / experts, experts)],
        ["squares"] = [0],
    };

    public void LogShares(OnlineState state, Span<double> logShares)
    {
        for (var e = 0; e < logShares.Length; e++)
        {
            logShares[e] = Math.Log(state.Numbers["shares"][e]);
        }
    }

    public IReadOnlyDictionary<string, double[]> Update(OnlineState state, IOnlineLoss loss, OnlineOpinions opinions, double truth)
    {
        var regrets = HedgeMethod.Regrets(loss, opinions, truth);
        var squares = state.Numbers["squares"][0] + HedgeMethod.LargestSquare(regrets);
        var rate = HedgeMethod.RateOf(state, squares);
        double[] shares = [.. state.Numbers["shares"].Select((share, e) => Math.Log(share) + rate * regrets[e])];
        LogSpace.Softmax(shares, shares);
        for (var e = 0; e < shares.Length; e++)
        {
            shares[e] = (1 - state.Settings.Share) * shares[e] + state.Settings.Share / shares.Length;
        }

        return new Dictionary<string, double[]> { ["shares"] = shares, ["squares"] = [squares] };
    }
}
