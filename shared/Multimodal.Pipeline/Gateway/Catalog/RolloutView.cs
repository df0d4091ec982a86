using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>The figures for deciding whether to promote or withdraw a version or a shadow expert.</summary>
internal static class RolloutView
{
    /// <summary>The current versions with their recorded results.</summary>
    public static IReadOnlyList<VersionView> Of(Ensemble ensemble, IReadOnlyList<VersionRecord> records) =>
    [
        .. ensemble.Versions.Select((version, index) =>
        {
            var record = records.FirstOrDefault(record => record.Version == version.Name);
            return new VersionView(
                version.Name, index == 0, version.Share, record?.Answers ?? 0, record?.Confidence, record?.Feedbacks ?? 0, record?.Hits ?? 0);
        }),
    ];

    /// <summary>The current shadow experts with their recorded results.</summary>
    public static IReadOnlyList<ShadowView> Of(Ensemble ensemble, IReadOnlyList<ShadowRecord> records) =>
    [
        .. ensemble.Package.Experts.Where(expert => expert.ShadowShare is not null).Select(expert =>
        {
            var record = records.FirstOrDefault(record => record.Expert == expert.Package.Name);
            return new ShadowView(
                expert.Package.Name, expert.ShadowShare!.Value, record?.Opinions ?? 0, record?.Late ?? 0, record?.Agreed ?? 0, record?.Feedbacks ?? 0,
                record?.Hits ?? 0, record?.AnswerHits ?? 0, record?.ShadowOnlyHits ?? 0);
        }),
    ];
}
