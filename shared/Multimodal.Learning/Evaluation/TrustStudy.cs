using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Online;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Evaluation;

/// <summary>
/// The deployed rule under trust learned from feedback, request by request, asked in waves as in service, while the labels of one expert are
/// permuted for a time. A request's label is told right after its answer.
/// </summary>
public sealed record TrustStudy
{
    /// <summary>Whether each request was answered right, before its label was told.</summary>
    public required IReadOnlyList<bool> Right { get; init; }

    /// <summary>Trust in the broken expert before each request.</summary>
    public required IReadOnlyList<double> Trust { get; init; }

    /// <summary>Mean number of experts asked per request.</summary>
    public required double ExpertsRun { get; init; }

    /// <summary>Runs it.</summary>
    /// <param name="stream">Requests in order.</param>
    /// <param name="gate">Its experts are the stream's, in the same order.</param>
    /// <param name="rule">How opinions are fused.</param>
    /// <param name="how">How trust is learned; null for none, so that everybody is believed.</param>
    /// <param name="broken">The expert that breaks.</param>
    /// <param name="from">The first request at which it is broken.</param>
    /// <param name="to">The first at which it is whole again.</param>
    /// <param name="known">Whether the break is known beforehand and the expert not asked meanwhile: what no learner can beat.</param>
    public static TrustStudy Run(
        RecordedSet stream, IGate gate, IFusionRule rule, TrustSettings? how, int broken, int from, int to, bool known = false)
    {
        string[] names = [.. stream.Experts.Select(expert => expert.Name)];
        var media = Candidates.Number(stream.Experts.Select(expert => expert.Modality));
        var waves = new Waves(stream.Experts, media, rule, ValueOfAsking.UsualPrice);
        var settings = how ?? new TrustSettings("fixed-share", "brier", Explore: 0);
        var state = ExpertTrust.Start(names, settings.Learner, settings.Loss, settings.Settings);
        var right = new bool[stream.Examples.Count];
        var trusts = new double[right.Length];
        var run = 0;
        double due = 0;
        foreach (var (n, heard) in stream.Examples.Index())
        {
            var isBroken = n >= from && n < to;
            var example = heard with
            {
                Opinions = [.. heard.Opinions.Select((o, e) => e != broken || !isBroken ? o : known ? null : DriftStudy.Permuted(o))],
            };
            var weights = names.ToDictionary(name => name, name => ExpertTrust.Weight(state, name));
            double[] trust = [.. names.Select(name => ExpertTrust.Of(weights[name], settings.Strength))];
            trusts[n] = trust[broken];
            due += settings.Explore;
            var explores = due >= 1;
            due -= explores ? 1 : 0;
            var asked = Ask(gate, waves, example, media, trust, explores);
            int[] spoke = [.. Enumerable.Range(0, names.Length).Where(e => asked[e] > 0)];
            run += spoke.Length;
            right[n] = spoke.Length > 0 && rule.Fuse(
                [.. spoke.Select(e => new WeighedOpinion(names[e], asked[e], example.Opinions[e]!) { Trust = trust[e] })], example.Features).Label == example.Label;
            state = how is null
                ? state
                : ExpertTrust.Update(state, weights, spoke.ToDictionary(e => names[e], e => (IReadOnlyList<double>)example.Opinions[e]!), example.Label);
        }

        return new TrustStudy { Right = right, Trust = trusts, ExpertsRun = (double)run / Math.Max(1, right.Length) };
    }

    private static double[] Ask(IGate gate, Waves waves, RecordedExample example, int[] media, double[] trust, bool explores)
    {
        var logits = new double[trust.Length];
        var weights = new double[trust.Length];
        var order = new int[trust.Length];
        gate.Score(example.Features, logits);
        for (var e = 0; e < logits.Length && !explores; e++)
        {
            logits[e] += Math.Log(trust[e]);
        }

        var selection = SelectionStrategies.Table["waves"];
        var candidates = new Candidates(logits, [.. example.Opinions.Select(o => o is not null)], media);
        selection.Select(candidates, null, weights);
        selection.Order(candidates, weights, order);
        waves.Run(example, order, weights, trust, explores);
        return weights;
    }
}
