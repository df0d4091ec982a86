using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>
/// Naive Bayes over the experts' confusion counts (Dawid and Skene 1979, with known truths): it learns what the favourite label of each
/// expert says about the truth, so an expert that consistently confuses two labels is as useful as one that is correct. With the counts
/// n_i(y, k) of label y and favourite k: theta_i(k | y) = (n_i(y, k) + 1) / (sum_k n_i(y, k) + K), pi(y) = (n(y) + 1) / (n + K) (Laplace's
/// rule), and P_v(y) is proportional to pi(y) prod_i theta_i(k_i | y)^(v awake_i). The power v corrects for experts that make the same
/// mistakes. It is unknown, so the answer is the Bayes mixture of P_v over v = 0, 1, 1/2, ..., 1/128 with equal initial weights.
/// </summary>
internal sealed class ConfusionMethod : IOnlineMethod
{
    private const int Powers = 9;

    public string Name => "confusion";

    public bool PoolsOpinions => false;

    public IReadOnlyDictionary<string, double[]> Start(int experts) => new Dictionary<string, double[]>
    {
        // The number of labels is known from the first feedback on.
        ["labels"] = [],
        ["calls"] = [],
        ["powers"] = new double[Powers],
        ["regret"] = new double[experts],
    };

    public bool IsValidLength(string name, int length, int experts, OnlineState state)
    {
        var labels = state.Numbers.GetValueOrDefault("labels")?.Count ?? 0;
        return name switch
        {
            "labels" => true,
            "calls" => length == experts * labels * labels,
            "powers" => length == Powers,
            _ => length == experts,
        };
    }

    /// <summary>Bayes' rule over the predictions from each expert alone.</summary>
    public void LogShares(OnlineState state, Span<double> logShares) => state.Numbers["regret"].ToArray().CopyTo(logShares);

    public double[]? Answer(OnlineState state, OnlineOpinions opinions)
    {
        var byPower = Posteriors(state, opinions);
        var powerLogs = new double[Powers];
        LogSpace.LogSoftmax([.. state.Numbers["powers"]], powerLogs);
        var terms = new double[Powers];
        var answer = new double[opinions.Length];
        for (var y = 0; y < answer.Length; y++)
        {
            for (var v = 0; v < Powers; v++)
            {
                terms[v] = powerLogs[v] + byPower[v][y];
            }

            answer[y] = LogSpace.LogSumExp(terms);
        }

        LogSpace.LogSoftmax(answer, answer);
        return answer;
    }

    public IReadOnlyDictionary<string, double[]> Update(OnlineState state, IOnlineLoss loss, OnlineOpinions opinions, double truth)
    {
        var y = (int)truth;
        var labels = opinions.Length;
        var combined = Answer(state, opinions)![y];
        var byPower = Posteriors(state, opinions);
        double[] regret = [.. state.Numbers["regret"]];
        var labelCounts = OrZeros(state.Numbers["labels"], labels);
        var calls = OrZeros(state.Numbers["calls"], opinions.Count * labels * labels);
        for (var e = 0; e < opinions.Count; e++)
        {
            if (opinions.Values[e] is { } opinion)
            {
                regret[e] += opinions.Awake[e] * (PosteriorOf(state, opinions, e)[y] - combined);
                calls[(e * labels + y) * labels + Distribution.ArgMax(opinion)] += opinions.Awake[e];
            }
        }

        labelCounts[y]++;
        return new Dictionary<string, double[]>
        {
            ["labels"] = labelCounts,
            ["calls"] = calls,
            ["powers"] = [.. state.Numbers["powers"].Select((log, v) => log + byPower[v][y])],
            ["regret"] = regret,
        };
    }

    /// <summary>ln P_v(y), [powers x labels].</summary>
    private static double[][] Posteriors(OnlineState state, OnlineOpinions opinions)
    {
        var prior = Prior(state, opinions.Length);
        var evidence = new double[prior.Length];
        for (var e = 0; e < opinions.Count; e++)
        {
            AddEvidence(state, opinions, e, evidence);
        }

        return [.. Enumerable.Range(0, Powers).Select(v => Posterior(prior, evidence, v == 0 ? 0 : Math.Pow(2, 1 - v)))];
    }

    private static double[] PosteriorOf(OnlineState state, OnlineOpinions opinions, int expert)
    {
        var prior = Prior(state, opinions.Length);
        var evidence = new double[prior.Length];
        AddEvidence(state, opinions, expert, evidence);
        return Posterior(prior, evidence, 1);
    }

    private static double[] Posterior(double[] prior, double[] evidence, double power)
    {
        double[] posterior = [.. prior.Zip(evidence, (p, e) => p + power * e)];
        LogSpace.LogSoftmax(posterior, posterior);
        return posterior;
    }

    private static double[] Prior(OnlineState state, int labels)
    {
        var counts = state.Numbers["labels"];
        return counts.Count == 0 || counts.Count == labels
            ? [.. OrZeros(counts, labels).Select(n => Math.Log(n + 1))]
            : throw new ArgumentException($"The state has {counts.Count} labels, but the opinions have {labels}.", nameof(labels));
    }

    private static void AddEvidence(OnlineState state, OnlineOpinions opinions, int expert, double[] evidence)
    {
        var calls = state.Numbers["calls"];
        if (opinions.Values[expert] is not { } opinion || calls.Count == 0)
        {
            return;
        }

        var labels = evidence.Length;
        var call = Distribution.ArgMax(opinion);
        for (var y = 0; y < labels; y++)
        {
            double all = 0;
            for (var k = 0; k < labels; k++)
            {
                all += calls[(expert * labels + y) * labels + k];
            }

            evidence[y] += opinions.Awake[expert] * Math.Log((calls[(expert * labels + y) * labels + call] + 1) / (all + labels));
        }
    }

    private static double[] OrZeros(IReadOnlyList<double> numbers, int length) => numbers.Count == 0 ? new double[length] : [.. numbers];
}
