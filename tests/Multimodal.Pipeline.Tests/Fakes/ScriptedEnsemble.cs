using System.Collections.Frozen;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Features;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Tests.Fakes;

/// <summary>An ensemble <c>digits</c> of scripted experts, with a real gate whose logits the test sets.</summary>
/// <param name="experts">All experts.</param>
/// <param name="logits">One per expert that is not a shadow expert; null for zeros.</param>
/// <param name="online">The learner; null if the ensemble does not learn from feedback.</param>
/// <param name="shadows">The shadow experts with their shares.</param>
internal sealed class ScriptedEnsemble(
    IReadOnlyList<ScriptedExpert> experts,
    IReadOnlyList<double>? logits = null,
    EnsembleTrust? online = null,
    IReadOnlyDictionary<string, double>? shadows = null) : IEnsembleSource
{
    public IReadOnlyList<Ensemble> LoadEnsembles() => [Create()];

    public Task<IReadOnlyList<IExpert>> LoadExpertsAsync(
        Ensemble ensemble, IReadOnlyList<ExpertPackage> packages, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IExpert>>([.. experts.Where(expert => packages.Contains(expert.Package))]);

    public Ensemble Create()
    {
        var package = new EnsemblePackage
        {
            Name = "digits",
            Version = "1.0.0",
            Labels = ScriptedExpert.Labels,
            Experts = [.. experts.Select(expert => new EnsembleExpert(expert.Package, [0, 1, 2]) { ShadowShare = ShareOf(expert) })],
            GateFile = "gate.json",
            CombinerFile = "combiner.json",
            Defaults = new EnsembleDefaults("soft", null, "linear", TimeSpan.FromSeconds(20)),
            Folder = "/",
            Trust = online,
        };
        string[] rules = ["linear", "log"];
        return new Ensemble(package, Gate("scripted"), rules.ToFrozenDictionary(name => name, name => FusionRules.Table[name](null)));
    }

    /// <summary>A gate with the given logits under another name.</summary>
    public IGate Gate(string version)
    {
        string[] counting = [.. experts.Where(expert => ShareOf(expert) is null).Select(expert => expert.Package.Name)];
        var features = RequestFeatures.Names;
        return new SoftmaxGate(new GateState
        {
            Version = version,
            Experts = counting,
            Scaling = new FeatureScaling
            {
                Features = features,
                Blocks = [],
                Mean = new double[features.Count],
                Scale = new double[features.Count],
            },
            Weights = [.. counting.Select(_ => new double[features.Count])],
            Bias = logits ?? new double[counting.Length],
        });
    }

    private double? ShareOf(ScriptedExpert expert) => shadows?.TryGetValue(expert.Package.Name, out var share) == true ? share : null;
}
