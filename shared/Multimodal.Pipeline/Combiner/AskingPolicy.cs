using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Learning.Fusion;

namespace Multimodal.Pipeline.Combiner;

/// <summary>
/// Decides the next step of one request: ask more experts, wait for those asked, or answer. With a price, experts are asked in waves: the first
/// at once, then the one with the highest expected gain, as long as the gain exceeds the price. An expert that does not reply within its share of
/// the time is overdue, so its siblings are asked instead; its reply is still used when it comes. Once the rule proves that outstanding opinions
/// cannot change the label, the answer is given. Not thread-safe; has no clock.
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
    /// <param name="waveShare">Share in (0, 1] of the time left that a wave may take before others are asked as well.</param>
    public AskingPolicy(Fuse fuse, IFusionRule rule, int labels, double waveShare)
    {
        (_plan, _rule, _labels, _deadline, _waveShare) = (fuse.Plan, rule, labels, fuse.Deadline, waveShare);
        _features = [.. fuse.Plan.Features];
        _weights = [.. fuse.Plan.Experts.Select(expert => expert.Weight)];
        _trust = [.. fuse.Plan.Experts.Select(expert => fuse.Plan.Online is { Explores: true } ? 1 : expert.Trust ?? 1)];
        _media = [.. fuse.Plan.Experts.Select(expert => (int)expert.Modality)];
        _overdueAt = new DateTimeOffset?[_weights.Length];
    }

    /// <summary>The experts that have been asked; all of the plan when the time was over before anybody could be.</summary>
    public IEnumerable<string> Asked => _plan.Experts
        .Where((_, i) => _overdueAt[i] is not null || _overdueAt.All(overdue => overdue is null))
        .Select(expert => expert.Name);

    /// <summary>The next step; call it again after carrying it out, and whenever a reply comes.</summary>
    /// <param name="replies">What has come, by expert.</param>
    /// <param name="now">The time.</param>
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
                state.Opinions.Add(new WeighedOpinion(expert.Name, expert.Weight, opinion) { Trust = expert.Trust ?? 1 });
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
        var next = _rule.Asking.Next(answer, price, _weights, _media, state.Answered, state.NotAsked, _trust);
        if (next >= 0)
        {
            return Ask(i => i == next, now);
        }

        // No new expert is worth its price. An overdue one may be: without any opinion it is all that is left.
        return _rule.Asking.Next(answer, price, _weights, _media, state.Answered, state.Overdue, _trust) >= 0
            ? new AskingStep.Wait(_deadline)
            : new AskingStep.Answer();
    }

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

    /// <summary>Where the plan's experts are, in its order.</summary>
    private sealed class WaveState(int experts)
    {
        public bool[] NotAsked { get; } = new bool[experts];

        public bool[] Answered { get; } = new bool[experts];

        /// <summary>Asked, without a reply within the wave's share of the time.</summary>
        public bool[] Overdue { get; } = new bool[experts];

        public List<WeighedOpinion> Opinions { get; } = [];

        public List<OutstandingOpinion> Outstanding { get; } = [];

        /// <summary>When the last expert of the wave becomes overdue; null if none is still in time.</summary>
        public DateTimeOffset? WaveEndsAt { get; set; }
    }
}
