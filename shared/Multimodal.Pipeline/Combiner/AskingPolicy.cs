using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Learning.Fusion;

namespace Multimodal.Pipeline.Combiner;

/// <summary>
/// Decides the next step of one request: ask more experts, wait for those asked, or answer. Without a price, all experts are asked at once.
/// With a price, the first wave is asked at once, then one expert at a time: the one with the highest expected gain, as long as the gain
/// reaches the price. An expert that does not reply within its share of the time is overdue, so its siblings are asked instead; its reply
/// is still used when it comes. Once the rule proves that outstanding opinions cannot change the label, the answer is given. Not
/// thread-safe; has no clock.
/// </summary>
internal sealed class AskingPolicy
{
    private readonly ExecutionPlan _plan;
    private readonly IFusionRule _rule;
    private readonly int _labels;
    private readonly float[] _features;
    private readonly DateTimeOffset _deadline;
    private readonly double _waveShare;
    private readonly double[] _weights;
    private readonly double[] _trust;
    private readonly int[] _media;
    private readonly DateTimeOffset?[] _overdueAt;

    /// <param name="fuse">The request and its plan.</param>
    /// <param name="rule">The rule that the plan names.</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="waveShare">Share in (0, 1] of the remaining time after which an expert that has not replied is overdue.</param>
    public AskingPolicy(Fuse fuse, IFusionRule rule, int labels, double waveShare)
    {
        (_plan, _rule, _labels, _deadline, _waveShare) = (fuse.Plan, rule, labels, fuse.Deadline, waveShare);
        _features = [.. fuse.Plan.Features];
        _weights = [.. fuse.Plan.Experts.Select(expert => expert.Weight)];
        _trust = [.. fuse.Plan.Experts.Select(expert => fuse.Plan.Online is { Explores: true } ? 1 : expert.Trust ?? 1)];
        _media = [.. fuse.Plan.Experts.Select(expert => (int)expert.Modality)];
        _overdueAt = new DateTimeOffset?[_weights.Length];
    }

    /// <summary>
    /// The experts that have been asked. If the deadline passed before any expert was asked, all experts of the plan, so that the report
    /// shows them as late.
    /// </summary>
    public IEnumerable<string> Asked => _plan.Experts
        .Where((_, i) => _overdueAt[i] is not null || _overdueAt.All(overdue => overdue is null))
        .Select(expert => expert.Name);

    /// <summary>Decides the next step. Call it again after each step and each reply.</summary>
    /// <param name="replies">The replies so far, by expert.</param>
    /// <param name="now">The current time.</param>
    public AskingStep Next(IReadOnlyDictionary<string, Reply> replies, DateTimeOffset now)
    {
        if (now >= _deadline)
        {
            return new AskingStep.Answer();
        }

        if (_overdueAt.All(overdue => overdue is null))
        {
            return Ask(i => _plan.Price is null || _plan.Experts[i].Wave == 0, now);
        }

        var state = StateOf(replies, now);
        if (_plan.Price is { } price)
        {
            return NextWave(price, state, now);
        }

        var isSettled = state.Outstanding.Count == 0 || (state.Opinions.Count > 0 && _rule.IsSettled(state.Opinions, state.Outstanding));
        return isSettled ? new AskingStep.Answer() : new AskingStep.Wait(_deadline);
    }

    private WaveState StateOf(IReadOnlyDictionary<string, Reply> replies, DateTimeOffset now)
    {
        var state = new WaveState(_weights.Length);
        foreach (var (i, expert) in _plan.Experts.Index())
        {
            if (_overdueAt[i] is not { } overdueAt)
            {
                state.NotAsked[i] = true;
            }
            else if (!replies.TryGetValue(expert.Name, out var reply))
            {
                state.Outstanding.Add(new OutstandingOpinion(expert.Name, expert.Weight));
                state.Overdue[i] = now >= overdueAt;
                state.WaveEndsAt = state.Overdue[i] || state.WaveEndsAt < overdueAt ? state.WaveEndsAt : overdueAt;
            }
            else if (reply.Opinion(_labels) is { } opinion)
            {
                state.Answered[i] = true;
                state.Opinions.Add(new WeightedOpinion(expert.Name, expert.Weight, opinion) { Trust = expert.Trust ?? 1 });
            }
        }

        return state;
    }

    private AskingStep NextWave(double price, WaveState state, DateTimeOffset now)
    {
        if (state.WaveEndsAt is { } waveEnds)
        {
            return new AskingStep.Wait(waveEnds);
        }

        var answer = state.Opinions.Count == 0 ? [] : _rule.Fuse(state.Opinions, _features).LogProbabilities;
        var next = NextExpert(answer, price, state.Answered, state.NotAsked);
        if (next >= 0)
        {
            return Ask(i => i == next, now);
        }

        // No further expert is worth the price. An overdue expert may still be worth waiting for, especially before the first opinion.
        return NextExpert(answer, price, state.Answered, state.Overdue) >= 0
            ? new AskingStep.Wait(_deadline)
            : new AskingStep.Answer();
    }

    private int NextExpert(double[] answer, double price, bool[] answered, bool[] askable) =>
        _rule.ExpectedGain.Next(answer, price, new ExpertStates(_weights, _media, answered) { Askable = askable, Trust = _trust });

    private AskingStep.Ask Ask(Func<int, bool> chosen, DateTimeOffset now)
    {
        List<PlannedExpert> asked = [];
        foreach (var (i, expert) in _plan.Experts.Index())
        {
            if (_overdueAt[i] is null && chosen(i))
            {
                _overdueAt[i] = now + (_deadline - now) * _waveShare;
                asked.Add(expert);
            }
        }

        return new AskingStep.Ask(asked);
    }

    /// <summary>The state of the plan's experts, in the order of the plan.</summary>
    private sealed class WaveState(int experts)
    {
        public bool[] NotAsked { get; } = new bool[experts];

        public bool[] Answered { get; } = new bool[experts];

        /// <summary>Asked, and not replied within its share of the time.</summary>
        public bool[] Overdue { get; } = new bool[experts];

        public List<WeightedOpinion> Opinions { get; } = [];

        public List<OutstandingOpinion> Outstanding { get; } = [];

        /// <summary>When the last expert of the wave becomes overdue; null if all are overdue or have replied.</summary>
        public DateTimeOffset? WaveEndsAt { get; set; }
    }
}
