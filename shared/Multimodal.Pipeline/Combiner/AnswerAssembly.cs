using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Combiner;

/// <summary>Builds the answer to one request from the experts' replies, with the contribution of each expert.</summary>
internal sealed class AnswerAssembly
{
    /// <summary>Detail of an opinion that cannot be fused.</summary>
    public const string UnusableOpinion = "The opinion does not match the ensemble's labels or is not finite.";

    private readonly Fuse _fuse;
    private readonly IReadOnlyList<string> _labels;
    private readonly IFusionRule? _rule;
    private readonly IReadOnlyDictionary<string, Reply> _replies;
    private readonly HashSet<string> _asked;
    private readonly bool _inTime;
    private readonly string? _version;
    private readonly bool _hasPlanLabels;
    private readonly float[] _features;
    private readonly List<WeightedOpinion> _opinions = [];
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

    /// <param name="fuse">The request and its plan.</param>
    /// <param name="fusion">Labels and rule.</param>
    /// <param name="replies">The replies received in time, by expert.</param>
    /// <param name="asked">The planned experts that were asked.</param>
    /// <param name="inTime">
    /// Whether the deadline has not passed. If so, an expert without a reply counts as stopped early instead of late.
    /// </param>
    public AnswerAssembly(
        Fuse fuse, FusionInput fusion, IReadOnlyDictionary<string, Reply> replies, IEnumerable<string> asked, bool inTime)
    {
        _hasPlanLabels = fuse.Plan.Online?.Labels is not { } planned || planned == fusion.LabelsFingerprint;
        (_fuse, _labels, _rule, _replies, _inTime, _version) = (fuse, fusion.Labels, fusion.Rule, replies, inTime, fusion.Version);
        _asked = asked.ToHashSet(StringComparer.Ordinal);
        _features = [.. fuse.Plan.Features];
        foreach (var expert in fuse.Plan.Experts)
        {
            if (replies.TryGetValue(expert.Name, out var reply) && reply.Opinion(_labels.Count) is { } opinion)
            {
                _indexes.TryAdd(expert.Name, _opinions.Count);
                _opinions.Add(new WeightedOpinion(expert.Name, expert.Weight, opinion) { Trust = expert.Trust ?? 1 });
            }
        }
    }

    /// <summary>
    /// The fused opinions by expert, from which feedback learns. Empty if the plan was made for other labels than this process has loaded,
    /// because the recorded opinions must match the labels of the plan.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Opinions =>
        (_hasPlanLabels ? _opinions : []).ToDictionary(opinion => opinion.Expert, opinion => opinion.LogProbabilities);

    /// <summary>The opinions of shadow experts that were received in time.</summary>
    public IReadOnlyList<ShadowOpinion> Shadows =>
    [
        .. _fuse.Plan.Shadows
            .Select(shadow => ShadowReply(shadow) is { } reply ? ShadowReport.Opinion(shadow.Name, reply, _labels) : null)
            .OfType<ShadowOpinion>(),
    ];

    /// <summary>Builds the answer to a request without any opinion.</summary>
    public static FusedAnswer Failed(Fuse fuse, double totalMs) =>
        new AnswerAssembly(
            fuse, new FusionInput([], null), new Dictionary<string, Reply>(), fuse.Plan.Experts.Select(expert => expert.Name), inTime: false).Answer(totalMs);

    /// <summary>Builds the answer.</summary>
    /// <param name="totalMs">Milliseconds since the request was accepted.</param>
    public FusedAnswer Answer(double totalMs)
    {
        var fused = _opinions.Count > 0 ? _rule!.Fuse(_opinions, _features) : null;
        var without = _opinions.Count > 1 ? _rule!.FuseWithoutEach(_opinions, _features) : [];
        var summary = fused is null ? NothingFused : FusionSummary.Of(_opinions, fused);
        var probabilities = fused is null ? [] : Array.ConvertAll(fused.LogProbabilities, Probability);
        return new FusedAnswer
        {
            Id = _fuse.RequestId,
            Ensemble = _fuse.Ensemble,
            Status = Status,
            Label = fused is null ? null : _labels[fused.Label],
            Confidence = fused is null ? 0 : probabilities[fused.Label],
            Scores = [.. probabilities.Select((score, label) => new LabelScore(_labels[label], score)).OrderByDescending(score => score.Score)],
            Experts =
            [
                .. _fuse.Plan.Experts.Select(expert => Report(expert, fused, without)), .. _fuse.Plan.Skipped.Select(Report),
                .. _fuse.Plan.Shadows.Select(shadow => ShadowReport.Of(shadow, ShadowReply(shadow), _labels)),
            ],
            Gate = new GateReport(_fuse.Plan.GateVersion, _fuse.Plan.Strategy, _fuse.Plan.K)
            {
                Online = _fuse.Plan.Online is { } online ? new OnlineReport(online.Learner, online.Feedbacks, online.Revision, online.Explores) : null,
            },
            Fusion = new FusionReport(_fuse.Plan.Fusion, summary.Agreement, summary.Entropy, summary.Conflict) { Version = fused is null ? null : _version },
            Timings = new AnswerTimings(_fuse.Plan.FeaturesMs, _fuse.Plan.GateMs, totalMs),
        };
    }

    /// <summary>The summary without opinions: no agreement, no conflict, and all labels equally likely.</summary>
    private static FusionSummary NothingFused { get; } = new(0, 1, false);

    private AnswerStatus Status => (_opinions.Count, _asked.Count(IsMissed)) switch
    {
        (0, > 0) when _asked.All(IsEmpty) => AnswerStatus.Undecided,
        (0, _) => AnswerStatus.Failed,
        (_, 0) => AnswerStatus.Completed,
        _ => AnswerStatus.Partial,
    };

    /// <summary>Whether an expert that was asked declined or was late.</summary>
    private bool IsMissed(string expert) => !_indexes.ContainsKey(expert) && (_replies.ContainsKey(expert) || !_inTime);

    /// <summary>Whether an expert declined because its part is empty.</summary>
    private bool IsEmpty(string expert) => _replies.TryGetValue(expert, out var reply) && reply.Declined?.Reason == DeclineReason.Empty;

    private ExpertReport Report(PlannedExpert expert, FusedOpinion? fused, IReadOnlyList<(int Label, double LogProbability)> without)
    {
        var report = new ExpertReport { Name = expert.Name, Modality = expert.Modality, State = ExpertState.Late, Trust = expert.Trust };
        if (!_replies.TryGetValue(expert.Name, out var reply))
        {
            return !_asked.Contains(expert.Name) ? Report(new SkippedExpert(expert.Name, expert.Modality, SkipReason.NotWorthwhile)) with { Trust = expert.Trust }
                : _inTime ? Report(new SkippedExpert(expert.Name, expert.Modality, SkipReason.StoppedEarly)) with { Trust = expert.Trust }
                : report;
        }

        if (reply.Declined is { } declined)
        {
            return report with { State = ExpertState.Declined, Reason = JsonFormat.Kebab(declined.Reason), Detail = declined.Detail };
        }

        var answered = reply.Answered!;
        report = report with { Timings = answered.Timings, Version = answered.Version, Device = answered.Device };
        if (!_indexes.TryGetValue(expert.Name, out var index) || fused is null)
        {
            return report with
            {
                State = ExpertState.Declined,
                Reason = JsonFormat.Kebab(DeclineReason.ModelFailed),
                Detail = UnusableOpinion,
            };
        }

        var favourite = Distribution.ArgMax([.. answered.LogProbabilities]);
        return report with
        {
            State = ExpertState.Answered,
            Weight = fused.Weights[index],
            Label = _labels[favourite],
            Score = Probability(answered.LogProbabilities[favourite]),
            Contribution = fused.Contributions[index],
            Without = without.Count > 0 ? new LabelScore(_labels[without[index].Label], Probability(without[index].LogProbability)) : null,
        };
    }

    private Reply? ShadowReply(ShadowExpert shadow) => shadow.Skipped is null && _replies.TryGetValue(shadow.Name, out var reply) ? reply : null;

    private static ExpertReport Report(SkippedExpert expert) => new()
    {
        Name = expert.Name,
        Modality = expert.Modality,
        State = ExpertState.Skipped,
        Reason = JsonFormat.Kebab(expert.ExactReason),
    };

    /// <summary>The exponential, limited to 1, which rounding can exceed.</summary>
    private static double Probability(double logProbability) => Math.Min(1, Math.Exp(logProbability));
}
