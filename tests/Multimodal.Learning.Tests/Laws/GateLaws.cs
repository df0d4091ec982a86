using Multimodal.Learning.Gating;
using Multimodal.Learning.Selection;
using Multimodal.Learning.Tests.Data;

namespace Multimodal.Learning.Tests.Laws;

/// <summary>Properties of every gate and every selection strategy, for any state.</summary>
public sealed class GateLaws
{
    private const int Draws = 100;

    public static TheoryData<string> Strategies => [.. SelectionStrategies.Table.Names];

    /// <summary>Every kind, linear and with hidden units if it supports them, and states without a kind.</summary>
    public static TheoryData<string?, int> Kinds
    {
        get
        {
            var kinds = new TheoryData<string?, int> { { null, 0 }, { null, 7 } };
            foreach (var kind in Gates.Names)
            {
                kinds.Add(kind, 0);
                if (kind != "laplace")
                {
                    kinds.Add(kind, 7);
                }
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gate_SaveAndLoad_SameBits(string? kind, int hidden)
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            var state = RandomStates.Gate(seed, hidden, kind);
            var loaded = GateState.FromJson(state.ToJson());
            Assert.Equal(state.ToJson(), loaded.ToJson());
            Assert.Equal(Score(state, RandomStates.Input(seed)), Score(loaded, RandomStates.Input(seed)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gate_OrderOfExperts_PermutesTheLogits(string? kind, int hidden)
    {
        int[] order = [2, 0, 3, 1];
        for (var seed = 0; seed < Draws; seed++)
        {
            var state = RandomStates.Gate(seed, hidden, kind);
            var permuted = state with
            {
                Experts = [.. order.Select(e => state.Experts[e])],
                Modalities = state.Modalities is null ? null : [.. order.Select(e => state.Modalities[e])],
                Weights = kind == "pairs-by-label" ? state.Weights : Rows(state.Weights),
                Bias = kind == "pairs-by-label" ? state.Bias : Rows(state.Bias),
                Hidden = state.Hidden is null ? null : state.Hidden with { Output = Rows(state.Hidden.Output) },
                Pairs = state.Pairs is null ? null : [.. Turn(state.Pairs.Select(PairsNetwork.Table)).Select(PairsNetwork.Pair)],
                Tables = state.Tables is null ? null : Turn(state.Tables),
            };
            var logits = Score(state, RandomStates.Input(seed));
            Assert.Equal(order.Select(e => logits[e]), Score(permuted, RandomStates.Input(seed)), (a, b) => Math.Abs(a - b) < 1e-13);

            GateTable[] Turn(IEnumerable<GateTable> tables) =>
                [.. Enumerable.Range(0, order.Length).SelectMany(
                    j => Enumerable.Range(0, j + 1).Select(i => Pair([.. tables], order[i], order[j])))];

            GateTable Pair(GateTable[] tables, int i, int j)
            {
                var pair = tables[PairsNetwork.IndexOf(Math.Min(i, j), Math.Max(i, j))];
                if (i <= j || state.Modalities![i] == state.Modalities[j])
                {
                    return pair;
                }

                var first = state.Modalities[j] == "image" ? 3 : 2;
                // The image has three features and the sound two; if the experts change places, so do their features.
                double[] Turned(IReadOnlyList<double> row) => [.. row.Skip(first).Take(5 - first), .. row.Take(first), .. row.Skip(5)];
                return pair with
                {
                    Weights = [.. pair.Weights.Select(Turned)],
                    Hidden = pair.Hidden is not { } layer ? null : layer with { Weights = [.. layer.Weights.Select(Turned)] },
                };
            }

            // The rows of modalities come first and are not permuted.
            T[] Rows<T>(IReadOnlyList<T> rows) =>
                rows.Count == 0 ? [] : [.. rows.Take(rows.Count - order.Length), .. order.Select(e => rows[rows.Count - order.Length + e])];
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gate_ExtremeInputs_LogitsAreFinite(string? kind, int hidden)
    {
        float[] extremes = [0, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, -0f];
        var random = new Random(1);
        for (var draw = 0; draw < Draws; draw++)
        {
            float[] input = [.. RandomStates.Features.Select(_ => extremes[random.Next(extremes.Length)])];
            float[] before = [.. input];
            Assert.All(Score(RandomStates.Gate(draw, hidden, kind), input), logit => Assert.True(double.IsFinite(logit)));
            Assert.Equal(before, input);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gate_AbsentModality_ItsFeaturesAreIgnored(string? kind, int hidden)
    {
        var state = RandomStates.Gate(3, hidden, kind);
        Assert.Equal(Score(state, [0, 0, 0, 1, 90, 12]), Score(state, [0, 77, -1e9f, 1, 90, 12]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gate_StateOfAnotherShape_Throws(string? kind, int hidden)
    {
        var state = RandomStates.Gate(4, hidden, kind);
        Assert.Throws<ArgumentException>(
            () => Gates.Open(
                state with { Weights = [.. state.Weights.Skip(1)], Pairs = state.Pairs?.Skip(1).ToArray(), Tables = state.Tables?.Skip(1).ToArray() }));
        Assert.Throws<ArgumentException>(() => Gates.Open(state with { Kind = "none" }));
        Assert.Throws<FormatException>(() => Gates.FromJson((state with { Bias = [.. state.Bias.Append(1)] }).ToJson()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gate_NullRow_ThrowsWithAReason(string? kind, int hidden)
    {
        var state = RandomStates.Gate(4, hidden, kind);
        var broken = state.Hidden is { } layer
            ? state with { Hidden = layer with { Weights = [.. layer.Weights.Skip(1), null!] } }
            : state.Pairs is { } pairs
                ? state with { Pairs = [.. pairs.Skip(1), null!] }
                : state with { Weights = [.. state.Weights.Skip(1), null!] };
        Assert.Contains("null", Assert.Throws<FormatException>(() => Gates.FromJson(broken.ToJson())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Strategy_AnyLogitsAndAvailability_WeightsObeyTheContract(string name)
    {
        double[] extremes = [0, 1e308, -1e308, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e-300];
        var random = new Random(2);
        for (var draw = 0; draw < 20 * Draws; draw++)
        {
            var experts = random.Next(1, 9);
            double[] logits = [.. RandomStates.Row(random, experts).Select(
                x => random.Next(5) == 0 ? extremes[random.Next(extremes.Length)] : x)];
            bool[] available = [.. logits.Select(_ => random.Next(3) > 0)];
            int[] modalities = [.. logits.Select(_ => random.Next(3))];
            int? k = random.Next(3) == 0 ? null : random.Next(1, 10);
            double[] before = [.. logits];
            var weights = new double[experts];
            var used = SelectionStrategies.Table[name].Select(new Candidates(logits, available, modalities), k, weights);
            var again = new double[experts];
            SelectionStrategies.Table[name].Select(new Candidates(logits, available, modalities), k, again);

            Assert.Equal(before, logits);
            Assert.Equal(weights, again);
            Assert.All(weights, weight => Assert.InRange(weight, 0, 1));
            Assert.Equal(available.Contains(true) ? 1 : 0, weights.Sum(), 1e-12);
            Assert.All(Enumerable.Range(0, experts).Where(e => !available[e]), e => Assert.Equal(0, weights[e]));
            Assert.InRange(weights.Count(weight => weight > 0), 0, used);
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Strategy_OrderOfExperts_PermutesTheWeights(string name)
    {
        var random = new Random(3);
        for (var draw = 0; draw < Draws; draw++)
        {
            var logits = RandomStates.Row(random, 6);
            bool[] available = [.. logits.Select(_ => random.Next(3) > 0)];
            int[] modalities = [.. logits.Select(_ => random.Next(3))];
            int[] order = [.. Enumerable.Range(0, 6)];
            random.Shuffle(order);
            var weights = new double[6];
            var permuted = new double[6];
            SelectionStrategies.Table[name].Select(new Candidates(logits, available, modalities), null, weights);
            SelectionStrategies.Table[name].Select(
                new Candidates([.. order.Select(e => logits[e])], [.. order.Select(e => available[e])],
                    [.. order.Select(e => modalities[e])]), null, permuted);
            Assert.Equal(order.Select(e => weights[e]), permuted, (a, b) => Math.Abs(a - b) < 1e-14);
        }
    }

    private static double[] Score(GateState state, float[] input)
    {
        var logits = new double[state.Experts.Count];
        Gates.Open(state).Score(input, logits);
        return logits;
    }
}
