using System.Numerics.Tensors;

namespace Multimodal.Learning.Online;

/// <summary>
/// Hedge, the exponentially weighted average forecaster (Littlestone and Warmuth 1994; Freund and Schapire 1997): w proportional to
/// exp(sum_t rate awake_t r_t). With log loss and rate 1 it is Bayes' rule. Sleeping experts keep their share (Freund, Schapire, Singer and
/// Warmuth 1997).
/// </summary>
internal sealed class HedgeMethod : IOnlineMethod
{
    public string Name => "hedge";

    public IReadOnlyDictionary<string, double[]> Start(int experts) => new Dictionary<string, double[]>
    {
        ["regret"] = new double[experts],
        ["squares"] = [0],
    };

    public void LogShares(OnlineState state, Span<double> logShares)
    {
        var rate = RateOf(state, state.Numbers["squares"][0]);
        for (var e = 0; e < logShares.Length; e++)
        {
            logShares[e] = rate * state.Numbers["regret"][e];
        }
    }

    public IReadOnlyDictionary<string, double[]> Update(OnlineState state, IOnlineLoss loss, OnlineOpinions opinions, double truth)
    {
        var regrets = Regrets(loss, opinions, truth);
        return new Dictionary<string, double[]>
        {
            ["regret"] = [.. state.Numbers["regret"].Select((r, e) => r + regrets[e])],
            ["squares"] = [state.Numbers["squares"][0] + LargestSquare(regrets)],
        };
    }

    /// <summary>awake r per expert: differences of losses if the loss has a rate of its own, else the gradient form.</summary>
    internal static double[] Regrets(IOnlineLoss loss, OnlineOpinions opinions, double truth)
    {
        var regrets = new double[opinions.Count];
        loss.Regrets(opinions, truth, loss.Rate is null, regrets);
        TensorPrimitives.Multiply(regrets, opinions.Awake, regrets);
        return regrets;
    }

    /// <summary>
    /// The rate: that of the settings, else that of the loss, else from the scale of the regrets so far (0 without regrets).
    /// </summary>
    /// <param name="state">Gives settings, loss and number of experts.</param>
    /// <param name="squares">Sum over the feedbacks of the largest squared regret.</param>
    internal static double RateOf(OnlineState state, double squares) =>
        state.Settings.Rate ?? OnlineLosses.Table[state.Loss].Rate
        ?? (squares > 0 ? Math.Sqrt(Math.Log(Math.Max(2, state.Experts.Count)) / squares) : 0);

    internal static double LargestSquare(double[] regrets) => regrets.Max(r => r * r);
}
