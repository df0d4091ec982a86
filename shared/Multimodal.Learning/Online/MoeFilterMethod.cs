using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>
/// MoE-F (Saqur, Kratsios and others 2025) in discrete time, for any number of labels; docs/learning-reference.md derives it. The correct
/// expert is a hidden Markov chain. Each expert has a filter over that chain, which only observes the loss of that expert. The filters are
/// weighted by the quality of their forecasts (Gibbs weights), and the chain jumps towards these weights (rank-one Q).
/// </summary>
internal sealed class MoeFilterMethod : IOnlineMethod
{
    public string Name => "moe-f";

    /// <summary>Filter n starts with more weight on expert n; equal filters with equal observations would stay equal.</summary>
    public IReadOnlyDictionary<string, double[]> Start(int experts) => new Dictionary<string, double[]>
    {
        ["filters"] = [.. Enumerable.Range(0, experts * experts).Select(i => (i / experts == i % experts ? 0.5 : 0) + 0.5 / experts)],
        ["trust"] = [.. Enumerable.Repeat(1.0 / experts, experts)],
        ["squared-error"] = [0],
        ["judged"] = [0],
    };

    // sum_n trust_n filter_n, after one transition.
    public void LogShares(OnlineState state, Span<double> logShares)
    {
        var trust = state.Numbers["trust"];
        var filters = Transition(state);
        for (var i = 0; i < logShares.Length; i++)
        {
            double share = 0;
            for (var n = 0; n < logShares.Length; n++)
            {
                share += trust[n] * filters[n * logShares.Length + i];
            }

            logShares[i] = Math.Log(share);
        }
    }

    public IReadOnlyDictionary<string, double[]> Update(OnlineState state, IOnlineLoss loss, OnlineOpinions opinions, double truth)
    {
        var experts = opinions.Count;
        var error = state.Numbers["squared-error"][0] + loss.SquaredError(opinions, truth);
        var feedbacks = state.Numbers["judged"][0] + 1;

        // Values need a scale: the mean squared error so far. Without any error, every scale gives the same result.
        var variance = error > 0 ? error / feedbacks : 1;
        var filters = Transition(state);
        var trust = new double[experts];
        for (var n = 0; n < experts; n++)
        {
            var filter = filters.AsSpan(n * experts, experts);
            trust[n] = state.Settings.Gibbs * Forecast(filter, opinions, loss, [truth], variance);
            if (opinions.Values[n] is { } own)
            {
                Correct(filter, opinions, loss, [.. loss.TruthsWithSameLoss(own, truth)], variance);
            }
        }

        LogSpace.Softmax(trust, trust);
        return new Dictionary<string, double[]>
        {
            ["filters"] = filters,
            ["trust"] = trust,
            ["squared-error"] = [error],
            ["judged"] = [feedbacks],
        };
    }

    /// <summary>The exact step of the rank-one Q: pi = (1 - share) pi + share trust.</summary>
    private static double[] Transition(OnlineState state)
    {
        var share = state.Settings.Share;
        var experts = state.Experts.Count;
        return [.. state.Numbers["filters"].Select((p, i) => (1 - share) * p + share * state.Numbers["trust"][i % experts])];
    }

    /// <summary>ln of the probability that a filter gives to any of these truths, among the awake experts.</summary>
    private static double Forecast(
        ReadOnlySpan<double> filter, OnlineOpinions opinions, IOnlineLoss loss, double[] truths, double variance)
    {
        var joint = new double[opinions.Count];
        var prior = new double[opinions.Count];
        for (var i = 0; i < joint.Length; i++)
        {
            prior[i] = Math.Log(filter[i] * opinions.Awake[i]);
            joint[i] = prior[i] + LogLikelihood(opinions.Values[i], loss, truths, variance);
        }

        var awake = LogSpace.LogSumExp(prior);
        return double.IsNegativeInfinity(awake) ? 0 : LogSpace.LogSumExp(joint) - awake;
    }

    /// <summary>Bayes' rule among the awake experts, which keeps their total share; sleeping experts keep theirs.</summary>
    private static void Correct(Span<double> filter, OnlineOpinions opinions, IOnlineLoss loss, double[] truths, double variance)
    {
        var forecast = Forecast(filter, opinions, loss, truths, variance);
        for (var i = 0; i < filter.Length; i++)
        {
            if (opinions.Values[i] is { } opinion)
            {
                var odds = Math.Exp(LogLikelihood(opinion, loss, truths, variance) - forecast);
                filter[i] *= opinions.Awake[i] * odds + 1 - opinions.Awake[i];
            }
        }

        Distribution.Normalise(filter);
    }

    private static double LogLikelihood(double[]? opinion, IOnlineLoss loss, double[] truths, double variance)
    {
        if (opinion is null)
        {
            return 0;
        }

        double[] logs = [.. truths.Select(truth => loss.LogLikelihood(opinion, truth, variance))];
        return LogSpace.LogSumExp(logs);
    }
}
