using Multimodal.Learning.Fusion;

namespace Multimodal.Learning.Online;

/// <summary>
/// Trust in each expert, learned from feedback. One learner per expert weights it against an uninformed forecaster, and only feedback about
/// its own opinions changes it. So correct experts do not compete, a single opinion suffices to learn, and an expert that is better than
/// the uninformed forecaster has full trust. All functions are pure.
/// </summary>
public static class ExpertTrust
{
    /// <summary>The minimum trust. It keeps ln(trust) finite and lets an expert recover.</summary>
    public const double MinTrust = 0.001;

    /// <summary>
    /// The losses that compare an expert with an uninformed forecaster. <c>square</c> is for values, and <c>zero-one</c> needs a favourite
    /// label, which a uniform distribution does not have.
    /// </summary>
    public static IReadOnlyList<string> Losses { get; } = ["brier", "log"];

    /// <summary>The learners whose weights are trust: those that pool opinions.</summary>
    public static IReadOnlyList<string> Learners { get; } =
        [.. OnlineLearners.Table.Names.Where(name => OnlineLearners.Table[name].PoolsOpinions)];

    /// <summary>The state before any feedback: full trust in every expert.</summary>
    /// <param name="experts">At least one name, all distinct.</param>
    /// <param name="learner">One of <see cref="Learners"/>.</param>
    /// <param name="loss">One of <see cref="Losses"/>.</param>
    /// <param name="settings">Settings of the learner; null for the defaults.</param>
    /// <exception cref="ArgumentException">A name or a setting is not valid.</exception>
    public static TrustState Start(IReadOnlyList<string> experts, string learner, string loss, OnlineSettings? settings = null) => new()
    {
        Learner = learner,
        Loss = loss,
        Feedbacks = 0,
        Experts = experts.ToDictionary(
            expert => expert,
            expert => OnlineLearners.Table[learner].Start([expert, TrustState.Uninformed], loss, settings),
            StringComparer.Ordinal),
    };

    /// <summary>
    /// A stored state with the current experts and settings. New experts start with full trust, removed experts are kept in case they
    /// return. Another learner or loss starts anew.
    /// </summary>
    /// <param name="stored">The stored state; null to start.</param>
    /// <param name="experts">The current experts.</param>
    /// <param name="learner">One of <see cref="Learners"/>.</param>
    /// <param name="loss">One of <see cref="Losses"/>.</param>
    /// <param name="settings">Settings of the learner; null for the defaults.</param>
    public static TrustState Adapt(
        TrustState? stored, IReadOnlyList<string> experts, string learner, string loss, OnlineSettings? settings = null)
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

    /// <summary>
    /// The learner's weight of an expert against the uninformed forecaster, in [0, 1]; 0.5 before any feedback and for an unknown expert.
    /// </summary>
    public static double WeightOf(TrustState state, string expert) =>
        state.Experts.TryGetValue(expert, out var pair) ? OnlineLearners.Table[state.Learner].Weights(pair, [1, 1])[0] : 0.5;

    /// <summary>
    /// Mistakes in a state of unknown origin that <see cref="TrustState.FromJson"/> cannot see: numbers that give no weight, now or after
    /// one more feedback, and experts that the ensemble does not have. Empty for every learned state.
    /// </summary>
    /// <param name="state">A state of an existing learner and loss.</param>
    /// <param name="known">The experts that it may contain.</param>
    public static IEnumerable<string> FindProblems(TrustState state, IReadOnlySet<string> known)
    {
        foreach (var expert in state.Experts.Keys.Order(StringComparer.Ordinal))
        {
            if (!known.Contains(expert))
            {
                yield return $"experts.{expert} is not an expert of the ensemble. Remove it.";
            }
            else if (!IsWeight(WeightOf(state, expert)) || !AfterOneFeedback(state, expert).All(next => IsWeight(WeightOf(next, expert))))
            {
                yield return $"experts.{expert}: the numbers do not give a weight in [0, 1].";
            }
        }
    }

    /// <summary>
    /// Trust from a learner's weight: min(1, w / (1 - w))^strength, at least <see cref="MinTrust"/>; exactly 1 for weights from 0.5.
    /// </summary>
    /// <param name="weight">w in [0, 1].</param>
    /// <param name="strength">Exponent of the odds, above 0; larger values distrust more.</param>
    public static double FromWeight(double weight, double strength = 1) =>
        weight >= 0.5 ? 1 : Math.Max(MinTrust, Math.Pow(weight / (1 - weight), strength));

    /// <summary>
    /// Learns from feedback about opinions that were predicted with earlier weights. The prediction for each expert is its opinion
    /// discounted by that weight, w p(k) + (1 - w) / K.
    /// </summary>
    /// <param name="state">The state so far; not modified.</param>
    /// <param name="weights">Weight of each expert when the request was planned. Experts without a weight are not updated.</param>
    /// <param name="opinions">ln p per label, calibrated, of each expert that answered.</param>
    /// <param name="label">Index of the true label.</param>
    /// <exception cref="ArgumentOutOfRangeException">The opinions do not have this label.</exception>
    public static TrustState Update(
        TrustState state, IReadOnlyDictionary<string, double> weights, IReadOnlyDictionary<string, IReadOnlyList<double>> opinions,
        int label)
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

    /// <summary>The prediction for one expert before the feedback.</summary>
    /// <param name="expert">Name of the expert.</param>
    /// <param name="weight">Its weight when the request was planned, in [0, 1].</param>
    /// <param name="opinion">ln p per label.</param>
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

    private static bool IsWeight(double weight) => weight is >= 0 and <= 1;

    // After a correct opinion, and after a wrong one.
    private static IEnumerable<TrustState> AfterOneFeedback(TrustState state, string expert) =>
        Enumerable.Range(0, 2).Select(label => Update(
            state,
            new Dictionary<string, double> { [expert] = 0.5 },
            new Dictionary<string, IReadOnlyList<double>> { [expert] = [Math.Log(0.9), Math.Log(0.1)] },
            label));
}
