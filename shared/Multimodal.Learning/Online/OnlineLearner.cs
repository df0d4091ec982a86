using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Online;

/// <summary>
/// Learns weights of experts from feedback, with sleeping experts: an expert that is not awake has weight 0, and feedback does not change
/// its share. Stateless and thread-safe; the <see cref="OnlineState"/> is an argument and a result. A truth only enters through <see
/// cref="Update"/>, together with an earlier prediction.
/// </summary>
public sealed class OnlineLearner
{
    internal OnlineLearner(IOnlineMethod method) => Method = method;

    /// <summary>Stable name, for example <c>ml-poly</c>.</summary>
    public string Name => Method.Name;

    /// <summary>
    /// Whether its answer is the pool of the opinions by its weights. If not, it does not support the loss <c>square</c>, and its weights
    /// do not express trust.
    /// </summary>
    public bool PoolsOpinions => Method.PoolsOpinions;

    internal IOnlineMethod Method { get; }

    /// <summary>The state before the first feedback, with equal weights.</summary>
    /// <param name="experts">At least one name, all distinct.</param>
    /// <param name="loss">A name in <see cref="OnlineLosses"/>.</param>
    /// <param name="settings">Null for the defaults.</param>
    /// <exception cref="ArgumentException">A name or a setting is not valid.</exception>
    public OnlineState Start(IReadOnlyList<string> experts, string loss, OnlineSettings? settings = null)
    {
        var state = new OnlineState
        {
            Learner = Name,
            Loss = loss,
            Experts = [.. experts],
            Settings = settings ?? new OnlineSettings(),
            Feedbacks = 0,
            Numbers = ReadOnly(Method.Start(experts.Count)),
        };
        string[] problems = [.. state.Problems()];
        return problems.Length == 0 ? state : throw new ArgumentException(string.Join(" ", problems));
    }

    /// <summary>The weights of the awake experts: at least 0, with sum 1; equal for all experts if none is awake.</summary>
    /// <param name="state">The state.</param>
    /// <param name="awake">One number in [0, 1] per expert of the state.</param>
    public double[] Weights(OnlineState state, IReadOnlyList<double> awake)
    {
        CheckOwn(state);
        if (awake.Count != state.Experts.Count || awake.Any(a => a is not (>= 0 and <= 1)))
        {
            throw new ArgumentException($"awake must be {state.Experts.Count} numbers in [0, 1].", nameof(awake));
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
            // If no awake expert has a share, the weights are proportional to awake; equal if none is awake.
            awake.ToArray().CopyTo(weights, 0);
            Distribution.Normalise(weights);
        }

        return weights;
    }

    /// <summary>Weights and combines opinions. The state does not change. Keep the prediction for <see cref="Update"/>.</summary>
    /// <param name="state">The state.</param>
    /// <param name="awake">One number in [0, 1] per expert of the state. An expert without a usable opinion counts as asleep.</param>
    /// <param name="opinions">Per expert, ln p per label, or one value for <c>square</c>; null for none.</param>
    /// <exception cref="ArgumentException">The sizes do not match, or awake is outside [0, 1].</exception>
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

    /// <summary>Learns from the truth about an earlier prediction, made with this state or any earlier one.</summary>
    /// <param name="state">The state so far; not modified.</param>
    /// <param name="prediction">A result of <see cref="Predict"/>. Experts are matched by name.</param>
    /// <param name="truth">The index of the true label, or the true value for <c>square</c>.</param>
    /// <returns>The new state.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The opinions do not have this label, or the value is not finite.</exception>
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
        return state with { Feedbacks = state.Feedbacks + 1, Numbers = ReadOnly(Method.Update(state, loss, opinions, truth)) };
    }

    private void CheckOwn(OnlineState state)
    {
        if (state.Learner != Name)
        {
            throw new ArgumentException($"The state belongs to the learner '{state.Learner}', not to '{Name}'.", nameof(state));
        }
    }

    private static Dictionary<string, IReadOnlyList<double>> ReadOnly(IReadOnlyDictionary<string, double[]> numbers) =>
        numbers.ToDictionary(n => n.Key, n => (IReadOnlyList<double>)n.Value, StringComparer.Ordinal);
}
