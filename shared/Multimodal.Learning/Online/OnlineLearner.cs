using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>
/// Learns from feedback whom to believe, with sleeping experts: who is not awake weighs nothing and neither gains nor loses.
/// Stateless and thread-safe: what was learned is an <see cref="OnlineState"/> that comes in and goes out. A truth enters only
/// through <see cref="Update"/>, together with a prediction that has been made already.
/// </summary>
public sealed class OnlineLearner
{
    internal OnlineLearner(IOnlineMethod method) => Method = method;

    /// <summary>Stable name, for example <c>ml-poly</c>.</summary>
    public string Name => Method.Name;

    /// <summary>Whether its answer is the opinions pooled by its weights; if not, <c>square</c> is no loss for it, and its weights are no trust.</summary>
    public bool PoolsOpinions => Method.PoolsOpinions;

    internal IOnlineMethod Method { get; }

    /// <summary>The state before the first feedback: every expert weighs the same.</summary>
    /// <param name="experts">At least one name, none twice.</param>
    /// <param name="loss">A name of <see cref="OnlineLosses"/>.</param>
    /// <param name="settings">Null for the defaults.</param>
    /// <exception cref="ArgumentException">A name or a setting is wrong.</exception>
    public OnlineState Start(IReadOnlyList<string> experts, string loss, OnlineSettings? settings = null)
    {
        var state = new OnlineState
        {
            Learner = Name,
            Loss = loss,
            Experts = [.. experts],
            Settings = settings ?? new OnlineSettings(),
            Feedbacks = 0,
            Numbers = Frozen(Method.Start(experts.Count)),
        };
        string[] problems = [.. state.Problems()];
        return problems.Length == 0 ? state : throw new ArgumentException(string.Join(" ", problems));
    }

    /// <summary>The weights for who is awake: not negative, summing to 1; uniform over everybody when nobody is.</summary>
    /// <param name="state">What was learned so far.</param>
    /// <param name="awake">Per expert of the state a number in [0, 1].</param>
    public double[] Weights(OnlineState state, IReadOnlyList<double> awake)
    {
        CheckOwn(state);
        if (awake.Count != state.Experts.Count || awake.Any(a => a is not (>= 0 and <= 1)))
        {
            throw new ArgumentException($"Awake is {state.Experts.Count} numbers in [0, 1].", nameof(awake));
        }

        var weights = new double[awake.Count];
        Method.LogShares(state, weights);
        for (var e = 0; e < weights.Length; e++)
        {
            weights[e] += Math.Log(awake[e]);
        }

        LogSpace.Softmax(weights, weights);
        if (!weights.AsSpan().ContainsAnyExcept(0.0))
        {
            // Nobody awake has a share: as they are awake; and when nobody is awake, everybody alike.
            awake.ToArray().CopyTo(weights, 0);
            Distribution.Normalise(weights);
        }

        return weights;
    }

    /// <summary>Weighs and combines opinions. Nothing is learned; keep what it returns until the truth is known.</summary>
    /// <param name="state">What was learned so far.</param>
    /// <param name="awake">Per expert of the state a number in [0, 1]; who has no usable opinion counts as asleep.</param>
    /// <param name="opinions">Per expert natural-log probabilities, or one value for <c>square</c>; null for none.</param>
    /// <exception cref="ArgumentException">The sizes do not fit, or awake is outside [0, 1].</exception>
    public OnlinePrediction Predict(OnlineState state, IReadOnlyList<double> awake, IReadOnlyList<IReadOnlyList<double>?> opinions)
    {
        var loss = OnlineLosses.Table[state.Loss];
        var usable = OnlineOpinions.Create(awake, opinions, loss);
        var weights = Weights(state, usable.Awake);
        if (usable.AnyAwake)
        {
            weights.CopyTo(usable.Weights, 0);
        }

        return new OnlinePrediction
        {
            Experts = state.Experts,
            Awake = usable.Awake,
            Weights = weights,
            Opinions = usable.Values,
            Answer = usable.AnyAwake ? Method.Answer(state, usable) ?? loss.Combine(usable) : null,
        };
    }

    /// <summary>Learns from the truth about an earlier prediction, made from this state or from any before it.</summary>
    /// <param name="state">What was learned so far; it is left as it is.</param>
    /// <param name="prediction">As returned then. Experts are joined by name.</param>
    /// <param name="truth">The position of the true label, or the true value for <c>square</c>.</param>
    /// <returns>The new state.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The truth is no label of these opinions, or not finite.</exception>
    public OnlineState Update(OnlineState state, OnlinePrediction prediction, double truth)
    {
        CheckOwn(state);
        var loss = OnlineLosses.Table[state.Loss];
        var opinions = OnlineOpinions.Join(state.Experts, prediction, loss);
        if (!opinions.AnyAwake)
        {
            return state with { Feedbacks = state.Feedbacks + 1 };
        }

        loss.Check(truth, opinions.Length);
        return state with { Feedbacks = state.Feedbacks + 1, Numbers = Frozen(Method.Update(state, loss, opinions, truth)) };
    }

    private void CheckOwn(OnlineState state)
    {
        if (state.Learner != Name)
        {
            throw new ArgumentException($"The state belongs to the learner '{state.Learner}', not to '{Name}'.", nameof(state));
        }
    }

    private static Dictionary<string, IReadOnlyList<double>> Frozen(IReadOnlyDictionary<string, double[]> numbers) =>
        numbers.ToDictionary(n => n.Key, n => (IReadOnlyList<double>)n.Value, StringComparer.Ordinal);
}
