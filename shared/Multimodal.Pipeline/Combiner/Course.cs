using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Learning.Fusion;

namespace Multimodal.Pipeline.Combiner;

/// <summary>
/// Decides what to do next with one request: ask more experts, wait for those asked, or answer. With a price it asks in waves: the first
/// at once, then, as long as another opinion is worth the price, the one that promises most. An expert that keeps a wave waiting for
/// more than its share of the time is counted as silent, so its siblings stand in for it; its reply is still taken when it comes.
/// Whatever the rule proves settled is not waited for. Not thread-safe; knows no clock.
/// </summary>
internal sealed class Course
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
    public Course(Fuse fuse, IFusionRule rule, int labels, double waveShare)
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
    public Step Next(IReadOnlyDictionary<string, Reply> replies, DateTimeOffset now)
    {
        if (now >= _deadline)
        {
            return new Step.Answer();
        }

        if (_overdueAt.All(overdue => overdue is null))
        {
            return Ask(i => _plan.Price is null || _plan.Experts[i].Wave == 0, now);
        }

        var spoken = new bool[_weights.Length];
        var open = new bool[_weights.Length];
        var late = new bool[_weights.Length];
        DateTimeOffset? wakeAt = null;
        List<WeighedOpinion> opinions = [];
        List<OutstandingOpinion> outstanding = [];
        foreach (var (i, expert) in _plan.Experts.Index())
        {
            if (_overdueAt[i] is not { } overdueAt)
            {
                open[i] = true;
            }
            else if (!replies.TryGetValue(expert.Name, out var reply))
            {
                outstanding.Add(new OutstandingOpinion(expert.Name, expert.Weight));
                late[i] = now >= overdueAt;
                wakeAt = late[i] || wakeAt < overdueAt ? wakeAt : overdueAt;
            }
            else if (reply.Opinion(_labels) is { } opinion)
            {
                spoken[i] = true;
                opinions.Add(new WeighedOpinion(expert.Name, expert.Weight, opinion) { Trust = expert.Trust ?? 1 });
            }
        }

        return _plan.Price is { } price
            ? NextWave(price, opinions, spoken, open, late, wakeAt, now)
            : outstanding.Count == 0 || (opinions.Count > 0 && _rule.IsSettled(opinions, outstanding)) ? new Step.Answer() : new Step.Wait(_deadline);
    }

    private Step NextWave(double price, List<WeighedOpinion> opinions, bool[] spoken, bool[] open, bool[] late, DateTimeOffset? wakeAt, DateTimeOffset now)
    {
        if (wakeAt is { } waveEnds)
        {
            return new Step.Wait(waveEnds);
        }

        var answer = opinions.Count == 0 ? [] : _rule.Fuse(opinions, _features).LogProbabilities;
        var next = NextExpert(answer, price, spoken, open);
        if (next >= 0)
        {
            return Ask(i => i == next, now);
        }

        // Nobody new is worth it. Those who are late may be: without any opinion they are all that is left.
        return NextExpert(answer, price, spoken, late) >= 0 ? new Step.Wait(_deadline) : new Step.Answer();
    }

    private int NextExpert(double[] answer, double price, bool[] answered, bool[] askable) =>
        _rule.ExpectedGain.Next(answer, price, new ExpertStates(_weights, _media, answered) { Askable = askable, Trust = _trust });

    private Step.Ask Ask(Func<int, bool> chosen, DateTimeOffset now)
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

        return new Step.Ask(asked);
    }
}
