using Multimodal.Learning.Fusion;

namespace Multimodal.Learning.Online;

/// <summary>
/// How far each expert is believed, learned from feedback: one learner per expert weighs it against somebody who knows nothing, and only
/// feedback about its own opinions moves it. So healthy experts do not compete, a lone opinion teaches too, and who was better than
/// knowing nothing is believed as training left it. Pure functions.
/// </summary>
public static class ExpertTrust
{
    /// <summary>The least trust, so that its logarithm is finite and some belief is left to come back from.</summary>
    public const double MinTrust = 0.001;

    /// <summary>
    /// The losses that can tell an expert from nobody: <c>square</c> judges values, and to <c>zero-one</c> nobody has no favourite.
    /// </summary>
    public static IReadOnlyList<string> Losses { get; } = ["brier", "log"];

    /// <summary>The learners whose weights are trust: of those that take an opinion at its word.</summary>
    public static IReadOnlyList<string> Learners { get; } = [.. OnlineLearners.Table.Names.Where(name => OnlineLearners.Table[name].PoolsOpinions)];

    /// <summary>The state before any feedback: everybody is believed fully.</summary>
    /// <param name="experts">At least one name, none twice.</param>
    /// <param name="learner">A name of <see cref="OnlineLearners"/>.</param>
    /// <param name="loss">One of <see cref="Losses"/>.</param>
    /// <param name="settings">Of the learner; null for the defaults.</param>
    /// <exception cref="ArgumentException">A name or a setting is wrong.</exception>
    public static TrustState Start(IReadOnlyList<string> experts, string learner, string loss, OnlineSettings? settings = null) => new()
    {
        Learner = learner,
        Loss = loss,
        Feedbacks = 0,
        Experts = experts.ToDictionary(
            expert => expert, expert => OnlineLearners.Table[learner].Start([expert, TrustState.Uninformed], loss, settings), StringComparer.Ordinal),
    };

    /// <summary>
    /// A stored state for the experts and settings in force: experts it does not know start anew, those that are gone are kept in case they
    /// come back; another learner or loss starts everybody anew.
    /// </summary>
    public static TrustState Adapt(TrustState? stored, IReadOnlyList<string> experts, string learner, string loss, OnlineSettings? settings = null)
    {
        var start = Start(experts, learner, loss, settings);
        if (stored is null || stored.Learner != learner || stored.Loss != loss)
        {
            return start;
        }

        var pairs = new Dictionary<string, OnlineState>(start.Experts, StringComparer.Ordinal);
        foreach (var (expert, pair) in stored.Experts)
        {
            pairs[expert] = pair with { Settings = settings ?? new OnlineSettings() };
        }

        return stored with { Experts = pairs };
    }

    /// <summary>The learner's weight of an expert against nobody, in [0, 1]; one half before any feedback and for who is not known.</summary>
    public static double WeightOf(TrustState state, string expert) =>
        state.Experts.TryGetValue(expert, out var pair) ? OnlineLearners.Table[state.Learner].Weights(pair, [1, 1])[0] : 0.5;

    /// <summary>
    /// What keeps a state of unknown origin from being used: its numbers are finite (<see cref="TrustState.FromJson"/>) and still no weights, now or
    /// after one more feedback; or it knows experts that nobody names. Empty for every state that was learned.
    /// </summary>
    /// <param name="state">Of a learner and a loss that exist.</param>
    /// <param name="named">The experts that it may know.</param>
    public static IEnumerable<string> FindProblems(TrustState state, IReadOnlySet<string> named)
    {
        foreach (var expert in state.Experts.Keys.Order(StringComparer.Ordinal))
        {
            if (!named.Contains(expert))
            {
                yield return $"experts.{expert} is no expert of the ensemble; leave it out.";
            }
            else if (!IsWeight(WeightOf(state, expert)) || !Probe(state, expert).All(next => IsWeight(WeightOf(next, expert))))
            {
                yield return $"experts.{expert}: the numbers give no weight in [0, 1].";
            }
        }
    }

    /// <summary>
    /// min(1, w / (1 - w))^strength, at least <see cref="MinTrust"/>: the odds that it knows more than nobody, if they are against it. Exactly 1
    /// at one half and above.
    /// </summary>
    /// <param name="weight">w in [0, 1].</param>
    /// <param name="strength">How sharply distrust acts, above 0; 1 takes the learner at its word.</param>
    public static double FromWeight(double weight, double strength = 1) =>
        weight >= 0.5 ? 1 : Math.Max(MinTrust, Math.Pow(weight / (1 - weight), strength));

    /// <summary>
    /// Learns from the truth about opinions that were predicted with earlier weights. The prediction of each pair is the expert's opinion
    /// discounted by that weight, w p(k) + (1 - w) / K.
    /// </summary>
    /// <param name="state">What was learned so far; it is left as it is.</param>
    /// <param name="weights">Per expert its weight when the request was planned; who is missing was not predicted with and is not judged.</param>
    /// <param name="opinions">Per expert that spoke its calibrated natural-log probabilities.</param>
    /// <param name="label">Position of the true label.</param>
    /// <exception cref="ArgumentOutOfRangeException">The truth is no label of these opinions.</exception>
    public static TrustState Update(
        TrustState state, IReadOnlyDictionary<string, double> weights, IReadOnlyDictionary<string, IReadOnlyList<double>> opinions, int label)
    {
        var learner = OnlineLearners.Table[state.Learner];
        var pairs = new Dictionary<string, OnlineState>(state.Experts, StringComparer.Ordinal);
        foreach (var (expert, opinion) in opinions)
        {
            if (weights.TryGetValue(expert, out var weight) && pairs.TryGetValue(expert, out var pair))
            {
                pairs[expert] = learner.Update(pair, Prediction(expert, weight, opinion), label);
            }
        }

        return state with { Feedbacks = state.Feedbacks + 1, Experts = pairs };
    }

    private static bool IsWeight(double weight) => weight is >= 0 and <= 1;

    /// <summary>The state after an opinion that was right, and after one that was wrong.</summary>
    private static IEnumerable<TrustState> Probe(TrustState state, string expert) => Enumerable.Range(0, 2).Select(label => Update(
        state,
        new Dictionary<string, double> { [expert] = 0.5 },
        new Dictionary<string, IReadOnlyList<double>> { [expert] = [Math.Log(0.9), Math.Log(0.1)] },
        label));

    /// <summary>What one pair said before the truth: a function of what was known then, and of nothing else.</summary>
    public static OnlinePrediction Prediction(string expert, double weight, IReadOnlyList<double> opinion)
    {
        double[] answer = [.. opinion];
        OpinionTable.Normalise(answer);
        Discounting.Apply(answer, weight);
        return new OnlinePrediction
        {
            Experts = [expert, TrustState.Uninformed],
            Awake = [1, 1],
            Weights = [weight, 1 - weight],
            Opinions = [opinion, [.. Enumerable.Repeat(-Math.Log(opinion.Count), opinion.Count)]],
            Answer = answer,
        };
    }
}
