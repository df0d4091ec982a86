using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>
/// MoE-F (Saqur, Kratsios and others 2025) in discrete time and for any number of labels; derived in docs/learning-reference.md.
/// Which expert is right is a hidden Markov chain. Each expert has a filter of its own over that chain, which sees that expert's loss and
/// nothing else; the filters are weighed by how well they forecast (Gibbs); the chain jumps towards those weights (rank-one Q).
/// </summary>
internal sealed class MoeFilterMethod : IOnlineMethod
{
    public string Name => "moe-f";

    /// <summary>Filter n starts leaning to expert n: otherwise equal filters that see the same would stay equal.</summary>
    public IReadOnlyDictionary<string, double[]> Start(int experts) => new Dictionary<string, double[]>
    {
        ["filters"] = [.. Enumerable.Range(0, experts * experts).Select(i => (i / experts == i % experts ? 0.5 : 0) + 0.5 / experts)],
        ["trust"] = [.. Enumerable.Repeat(1.0 / experts, experts)],
        ["squared-error"] = [0],
        ["judged"] = [0],
    };

    // sum_n trust_n filter_n, one transition ahead.
    public void LogShares(OnlineState state, Span<double> logShares)
    {
        var trust = state.Numbers["trust"];
        var filters = Ahead(state);
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
        var judged = state.Numbers["judged"][0] + 1;
        // Values need a scale: the mean squared error so far; a stream without any error leaves nothing to tell apart.
        var variance = error > 0 ? error / judged : 1;
        var filters = Ahead(state);
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
            ["judged"] = [judged],
        };
    }

    /// <summary>The exact step of the rank-one Q: pi = (1 - share) pi + share trust.</summary>
    private static double[] Ahead(OnlineState state)
    {
        var share = state.Settings.Share;
        var experts = state.Experts.Count;
        return [.. state.Numbers["filters"].Select((p, i) => (1 - share) * p + share * state.Numbers["trust"][i % experts])];
    }

    /// <summary>ln of the probability that the filter gave to one of these truths, among who was awake.</summary>
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

    /// <summary>Bayes' rule among who was awake, whose total share stays what it was; asleep experts keep theirs.</summary>
    private static void Correct(Span<double> filter, OnlineOpinions opinions, IOnlineLoss loss, double[] truths, double variance)
    {
        var seen = Forecast(filter, opinions, loss, truths, variance);
        for (var i = 0; i < filter.Length; i++)
        {
            if (opinions.Values[i] is { } opinion)
            {
                var odds = Math.Exp(LogLikelihood(opinion, loss, truths, variance) - seen);
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
