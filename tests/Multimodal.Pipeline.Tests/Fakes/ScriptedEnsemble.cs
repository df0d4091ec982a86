using System.Collections.Frozen;
using Multimodal.Inference.Features;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Tests.Fakes;

/// <summary>The ensemble <c>digits</c> of scripted experts under a real gate whose logits are simply given.</summary>
internal sealed class ScriptedEnsemble(IReadOnlyList<ScriptedExpert> experts, IReadOnlyList<double>? logits = null, EnsembleOnline? online = null)
    : IEnsembleSource
{
    public IReadOnlyList<Ensemble> LoadEnsembles() => [Create()];

    public Task<IReadOnlyList<IExpert>> LoadExpertsAsync(Ensemble ensemble, IReadOnlyList<ExpertPackage> wanted, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IExpert>>([.. experts.Where(expert => wanted.Contains(expert.Package))]);

    public Ensemble Create()
    {
        var package = new EnsemblePackage
        {
            Name = "digits",
            Version = "1.0.0",
            Labels = ScriptedExpert.Labels,
            Experts = [.. experts.Select(expert => new EnsembleExpert(expert.Package, [0, 1, 2]))],
            GateFile = "gate.json",
            CombinerFile = "combiner.json",
            Defaults = new EnsembleDefaults("soft", null, "linear", TimeSpan.FromSeconds(20)),
            Folder = "/",
            Online = online,
        };
        var features = RequestFeatures.Names;
        var gate = new SoftmaxGate(new GateState
        {
            Version = "scripted",
            Experts = [.. experts.Select(expert => expert.Package.Name)],
            Scaling = new FeatureScaling
            {
                Features = features,
                Blocks = [],
                Mean = new double[features.Count],
                Scale = new double[features.Count],
            },
            Weights = [.. experts.Select(_ => new double[features.Count])],
            Bias = logits ?? new double[experts.Count],
        });
        string[] rules = ["linear", "log"];
        return new Ensemble(package, gate, rules.ToFrozenDictionary(name => name, name => FusionRules.Table[name](null)));
    }
}
