using Multimodal.Learning.Fusion;

namespace Multimodal.Pipeline.Combiner;

/// <summary>The labels and the rule with which opinions are fused.</summary>
/// <param name="Labels">The ensemble's labels.</param>
/// <param name="Rule">The fusion rule; null if there are no opinions to fuse.</param>
/// <param name="Version">The version that the rule belongs to; null without a rule.</param>
/// <param name="LabelsFingerprint">Fingerprint of the labels; null without a rule.</param>
internal sealed record FusionInput(IReadOnlyList<string> Labels, IFusionRule? Rule, string? Version = null, string? LabelsFingerprint = null);
