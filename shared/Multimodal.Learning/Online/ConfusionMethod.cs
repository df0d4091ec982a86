using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>
/// What an expert's call means is learned instead of taken at its word: by naive Bayes over the experts' confusion counts (Dawid and Skene
/// 1979, with the truth seen) an expert that says one label when another is true is as good as one that is right. A call is the favourite
/// label; theta_i(k | y) = (n_i(y, k) + 1) / (sum_k n_i(y, k) + K), pi(y) = (n(y) + 1) / (n + K) (Laplace's rule), and
/// P_v(y) is proportional to pi(y) prod_i theta_i(k_i | y)^(v awake_i). Experts that err together would be counted as often as they are many:
/// the power v is not known, so the answer is the Bayes mixture of P_v over v = 0, 1, 1/2, ..., 1/128, each starting alike.
/// </summary>
internal sealed class ConfusionMethod : IOnlineMethod
{
    private const int Powers = 9;

    public string Name => "confusion";

    public bool PoolsOpinions => false;

    public IReadOnlyDictionary<string, double[]> Start(int experts) => new Dictionary<string, double[]>
    {
        // Until the first feedback nobody knows how many labels there are.
        ["labels"] = [],
        ["calls"] = [],
        ["powers"] = new double[Powers],
        ["regret"] = new double[experts],
    };

    public bool IsValidLength(string name, int length, int experts, OnlineState state)
    {
        var labels = state.Numbers.GetValueOrDefault("labels")?.Count ?? 0;
        return name switch { "labels" => true, "calls" => length == experts * labels * labels, "powers" => length == Powers, _ => length == experts };
    }

    /// <summary>Bayes' rule over what each expert's call alone would have foretold.</summary>
    public void LogShares(OnlineState state, Span<double> logShares) => state.Numbers["regret"].ToArray().CopyTo(logShares);

    public double[]? Answer(OnlineState state, OnlineOpinions opinions)
    {
        var byPower = Foretold(state, opinions);
        var trust = new double[Powers];
        LogSpace.LogSoftmax([.. state.Numbers["powers"]], trust);
        var terms = new double[Powers];
        var answer = new double[opinions.Length];
        for (var y = 0; y < answer.Length; y++)
        {
            for (var v = 0; v < Powers; v++)
            {
                terms[v] = trust[v] + byPower[v][y];
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
        var ours = Answer(state, opinions)![y];
        var byPower = Foretold(state, opinions);
        double[] regret = [.. state.Numbers["regret"]];
        var seen = Or(state.Numbers["labels"], labels);
        var calls = Or(state.Numbers["calls"], opinions.Count * labels * labels);
        for (var e = 0; e < opinions.Count; e++)
        {
            if (opinions.Values[e] is { } opinion)
            {
                regret[e] += opinions.Awake[e] * (Alone(state, opinions, e)[y] - ours);
                calls[(e * labels + y) * labels + Distribution.ArgMax(opinion)] += opinions.Awake[e];
            }
        }

        seen[y]++;
        return new Dictionary<string, double[]>
        {
            ["labels"] = seen,
            ["calls"] = calls,
            ["powers"] = [.. state.Numbers["powers"].Select((trust, v) => trust + byPower[v][y])],
            ["regret"] = regret,
        };
    }

    /// <summary>ln P_v(y) by power, then label.</summary>
    private static double[][] Foretold(OnlineState state, OnlineOpinions opinions)
    {
        var prior = Prior(state, opinions.Length);
        var evidence = new double[prior.Length];
        for (var e = 0; e < opinions.Count; e++)
        {
            AddEvidence(state, opinions, e, evidence);
        }

        return [.. Enumerable.Range(0, Powers).Select(v => Posterior(prior, evidence, v == 0 ? 0 : Math.Pow(2, 1 - v)))];
    }

    private static double[] Alone(OnlineState state, OnlineOpinions opinions, int expert)
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
        var seen = state.Numbers["labels"];
        return seen.Count == 0 || seen.Count == labels
            ? [.. Or(seen, labels).Select(n => Math.Log(n + 1))]
            : throw new ArgumentException($"The state knows {seen.Count} labels, the opinions {labels}.", nameof(labels));
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

    private static double[] Or(IReadOnlyList<double> numbers, int length) => numbers.Count == 0 ? new double[length] : [.. numbers];
}
