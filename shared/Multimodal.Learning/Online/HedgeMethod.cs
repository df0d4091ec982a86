namespace Multimodal.Learning.Online;

/// <summary>
/// Hedge, or exponentially weighted average (Littlestone and Warmuth 1994; Freund and Schapire 1997): w proportional to
/// exp(sum_t rate awake_t r_t). With log loss and rate 1 it is Bayes' rule. Asleep experts keep their share (Freund, Schapire,
/// Singer and Warmuth 1997).
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

    /// <summary>awake r, untouched where the loss has a rate of its own, else by the gradient.</summary>
    internal static double[] Regrets(IOnlineLoss loss, OnlineOpinions opinions, double truth)
    {
        var regrets = new double[opinions.Count];
        loss.Regrets(opinions, truth, loss.Rate is null, regrets);
        System.Numerics.Tensors.TensorPrimitives.Multiply(regrets, opinions.Awake, regrets);
        return regrets;
    }

    /// <summary>The rate in force: as set, else the loss's own, else by the regrets' scale so far (0 before there is one).</summary>
    internal static double RateOf(OnlineState state, double squares) =>
        state.Settings.Rate ?? OnlineLosses.Table[state.Loss].Rate
        ?? (squares > 0 ? Math.Sqrt(Math.Log(Math.Max(2, state.Experts.Count)) / squares) : 0);

    internal static double LargestSquare(double[] regrets) => regrets.Max(r => r * r);
}
