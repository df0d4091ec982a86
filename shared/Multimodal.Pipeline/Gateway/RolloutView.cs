using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Requests;

namespace Multimodal.Pipeline.Gateway;

/// <summary>What an operator looks at before promoting a version or an expert, or taking one back.</summary>
internal static class RolloutView
{
    /// <summary>The versions of now, with what was recorded under their names.</summary>
    public static IReadOnlyList<VersionView> Of(Ensemble ensemble, IReadOnlyList<VersionRecord> records) =>
    [
        .. ensemble.Versions.Select((version, index) =>
        {
            var record = records.FirstOrDefault(record => record.Version == version.Name);
            return new VersionView(
                version.Name, index == 0, version.Share, record?.Answers ?? 0, record?.Confidence, record?.Feedbacks ?? 0, record?.Hits ?? 0);
        }),
    ];

    /// <summary>The experts in shadow of now, with what was recorded of them.</summary>
    public static IReadOnlyList<ShadowView> Of(Ensemble ensemble, IReadOnlyList<ShadowRecord> records) =>
    [
        .. ensemble.Package.Experts.Where(expert => expert.ShadowShare is not null).Select(expert =>
        {
            var record = records.FirstOrDefault(record => record.Expert == expert.Package.Name);
            return new ShadowView(
                expert.Package.Name, expert.ShadowShare!.Value, record?.Opinions ?? 0, record?.Late ?? 0, record?.Agreed ?? 0, record?.Feedbacks ?? 0,
                record?.Hits ?? 0, record?.AnswerHits ?? 0, record?.OnlyIt ?? 0);
        }),
    ];
}

/// <summary>One version of gate and combiner.</summary>
/// <param name="Version">Its name.</param>
/// <param name="IsPromoted">Whether it has the requests that no other version has a share of.</param>
/// <param name="Share">Share of the requests that it decides.</param>
/// <param name="Answers">Answers that it decided and fused, of those of the tenant that the store remembers.</param>
/// <param name="Confidence">Their mean confidence; null without any.</param>
/// <param name="Feedbacks">Answers whose truth is known.</param>
/// <param name="Right">Of these, the right ones.</param>
internal sealed record VersionView(string Version, bool IsPromoted, double Share, long Answers, double? Confidence, long Feedbacks, long Right);

/// <summary>One expert in shadow.</summary>
/// <param name="Expert">Its name.</param>
/// <param name="Share">Share of the requests about which it is asked.</param>
/// <param name="Opinions">What it said, of the tenant's requests that the store remembers.</param>
/// <param name="Late">Of these, opinions that came after the answer.</param>
/// <param name="Agreed">Opinions that favour the answer's label.</param>
/// <param name="Feedbacks">Opinions on requests whose truth is known.</param>
/// <param name="Right">Of these, those that favour the truth.</param>
/// <param name="AnswerRight">On the same requests, the answers that were right.</param>
/// <param name="OnlyItRight">On the same requests, those that it got right and the answer did not.</param>
internal sealed record ShadowView(
    string Expert, double Share, long Opinions, long Late, long Agreed, long Feedbacks, long Right, long AnswerRight, long OnlyItRight);
