using Multimodal.Learning.Numerics;
using Multimodal.Learning.Online;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Tests.Numerics;

namespace Multimodal.Learning.Tests.Online;

/// <summary>The steps of the derivation in docs/learning-reference.md, each against an independent computation.</summary>
public sealed class MoeFilterTests
{
    private const int N = 3;

    private static readonly string[] Experts = ["a", "b", "c"];

    /// <summary>exp(-ln(stay) (1 trust' - I)) by its power series is the one-step transition stay I + (1 - stay) 1 trust'.</summary>
    [Theory]
    [InlineData(0.98)]
    [InlineData(0.2)]
    public void RankOneIntensity_Exponential_IsTheTransition(double stay)
    {
        double[] trust = [0.5, 0.2, 0.3];
        var q = new double[N, N];
        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j < N; j++)
            {
                q[i, j] = -Math.Log(stay) * (trust[j] - (i == j ? 1 : 0));
            }

            Assert.Equal(0, Enumerable.Range(0, N).Sum(j => q[i, j]), 1e-15);
            Assert.All(Enumerable.Range(0, N).Where(j => j != i), j => Assert.True(q[i, j] >= 0));
        }

        var power = Identity();
        var sum = Identity();
        for (var n = 1; n < 40; n++)
        {
            power = Multiply(power, q, 1.0 / n);
            for (var i = 0; i < N * N; i++)
            {
                sum[i / N, i % N] += power[i / N, i % N];
            }
        }

        for (var i = 0; i < N * N; i++)
        {
            Assert.Equal((i / N == i % N ? stay : 0) + (1 - stay) * trust[i % N], sum[i / N, i % N], 1e-13);
        }
    }

    /// <summary>Every filter is the exact posterior: the sum over all 3^6 hidden paths.</summary>
    [Theory]
    [InlineData("log")]
    [InlineData("zero-one")]
    public void Filters_AfterSomeSteps_AreThePosteriorOverAllHiddenPaths(string loss)
    {
        const int Steps = 6;
        var moe = OnlineLearners.Table["moe-f"];
        var settings = new OnlineSettings { Share = 0.3, Gibbs = 0.7 };
        var state = moe.Start(Experts, loss, settings);
        double[] start = [.. state.Numbers["filters"]];
        var random = new Random(1);
        List<(double[][] Logs, int Truth, double[] TrustBefore)> seen = [];
        for (var t = 0; t < Steps; t++)
        {
            // Equal probabilities of two labels, so that the loss of an expert does not always identify the label.
            double[][] logs = [.. Experts.Select(_ => Shuffled(random, [Math.Log(0.6), Math.Log(0.2), Math.Log(0.2)]))];
            var truth = random.Next(3);
            seen.Add((logs, truth, [.. state.Numbers["trust"]]));
            state = moe.Update(state, moe.Predict(state, [1, 1, 1], logs), truth);
        }

        for (var n = 0; n < N; n++)
        {
            var posterior = new double[N];
            foreach (var path in Paths(Steps + 1))
            {
                var weight = start[n * N + path[0]];
                for (var t = 0; t < Steps; t++)
                {
                    var (logs, truth, trust) = seen[t];
                    var w = path[t + 1];
                    weight *= (path[t] == w ? 1 - settings.Share : 0) + settings.Share * trust[w];
                    weight *= Enumerable.Range(0, 3).Where(k => HasSameLoss(loss, logs[n], k, truth)).Sum(k => Math.Exp(logs[w][k]));
                }

                posterior[path[^1]] += weight;
            }

            Distribution.Normalise(posterior);
            LogSpaceTests.AssertClose(posterior, [.. state.Numbers["filters"].Skip(n * N).Take(N)], 1e-12);
        }
    }

    /// <summary>If the loss of each expert identifies the label, all filters have the same observations and converge.</summary>
    [Fact]
    public void Filters_OwnLossIdentifiesTheLabel_Converge()
    {
        var moe = OnlineLearners.Table["moe-f"];
        var state = moe.Start(Experts, "log");
        var random = new Random(2);
        for (var t = 0; t < 400; t++)
        {
            double[][] logs = [.. Experts.Select(_ => RandomStates.Row(random, 3))];
            state = moe.Update(state, moe.Predict(state, [1, 1, 1], logs), random.Next(3));
        }

        double[] filters = [.. state.Numbers["filters"]];
        LogSpaceTests.AssertClose(filters[..3], filters[3..6], 1e-9);
        LogSpaceTests.AssertClose(filters[..3], filters[6..], 1e-9);
    }

    /// <summary>trust minimises sum_n trust_n s_n + KL(trust | uniform) / lambda, so no neighbour is better.</summary>
    [Fact]
    public void Trust_AfterAStep_MinimisesTheRegularisedLoss()
    {
        var moe = OnlineLearners.Table["moe-f"];
        var state = moe.Start(Experts, "log", new OnlineSettings { Gibbs = 2.5, Share = 0.1 });
        double[][] logs = [[Math.Log(0.7), Math.Log(0.3)], [Math.Log(0.2), Math.Log(0.8)], [Math.Log(0.5), Math.Log(0.5)]];
        double[] filters = [.. state.Numbers["filters"].Select((p, i) => 0.9 * p + 0.1 / 3)];
        double[] scores = [.. Enumerable.Range(0, N).Select(
            n => -Math.Log(Enumerable.Range(0, N).Sum(i => filters[n * N + i] * Math.Exp(logs[i][0]))))];
        double[] trust = [.. moe.Update(state, moe.Predict(state, [1, 1, 1], logs), 0).Numbers["trust"]];
        double Objective(double[] p) => p.Select((v, n) => v * scores[n] + v * Math.Log(3 * v) / 2.5).Sum();
        for (var seed = 0; seed < 50; seed++)
        {
            double[] other = [.. RandomStates.Row(new Random(seed), N).Select((r, n) => trust[n] * Math.Exp(0.05 * r))];
            Distribution.Normalise(other);
            Assert.True(Objective(other) >= Objective(trust) - 1e-15);
        }
    }

    /// <summary>A sleeping expert keeps its share in every filter, except for the transition.</summary>
    [Fact]
    public void Filters_ExpertAsleep_KeepsItsShare()
    {
        var moe = OnlineLearners.Table["moe-f"];
        var state = moe.Start(Experts, "log", new OnlineSettings { Share = 0 });
        var after = moe.Update(
            state, moe.Predict(state, [1, 0, 1], [[Math.Log(0.9), Math.Log(0.1)], null, [Math.Log(0.2), Math.Log(0.8)]]), 0);
        Assert.All(
            Enumerable.Range(0, N), n => Assert.Equal(state.Numbers["filters"][n * N + 1], after.Numbers["filters"][n * N + 1], 1e-15));
        Assert.NotEqual(state.Numbers["filters"][0], after.Numbers["filters"][0]);
    }

    private static bool HasSameLoss(string loss, double[] own, int k, int truth) => loss == "log"
        ? own[k] == own[truth]
        : (Distribution.ArgMax(own) == k) == (Distribution.ArgMax(own) == truth);

    private static IEnumerable<int[]> Paths(int length) => Enumerable.Range(0, (int)Math.Pow(N, length))
        .Select(code => Enumerable.Range(0, length).Select(t => code / (int)Math.Pow(N, t) % N).ToArray());

    private static double[] Shuffled(Random random, double[] values)
    {
        random.Shuffle(values);
        return values;
    }

    private static double[,] Identity() => new double[N, N] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };

    private static double[,] Multiply(double[,] a, double[,] b, double factor)
    {
        var product = new double[N, N];
        for (var i = 0; i < N * N; i++)
        {
            product[i / N, i % N] = factor * Enumerable.Range(0, N).Sum(m => a[i / N, m] * b[m, i % N]);
        }

        return product;
    }
}
