using Multimodal.Learning.Data;

namespace Multimodal.Learning.Fusion;

/// <summary>The fusion rules by name. Each entry makes the rule; only some rules need the state of a combiner.</summary>
public static class FusionRules
{
    /// <summary>All rules. <c>learned</c>, <c>accuracy-weighted</c> and <c>stacking</c> need a state and throw without it.</summary>
    public static NamedTable<Func<CombinerState?, IFusionRule>> Table { get; } = new("fusion rule",
    [
        Entry("linear", _ => new LinearPoolRule(uniform: false)),
        Entry("log", _ => new LogPoolRule(uniform: false)),
        Entry("uniform-linear", _ => new LinearPoolRule(uniform: true)),
        Entry("uniform-log", _ => new LogPoolRule(uniform: true)),
        Entry("product", _ => new ProductRule()),
        Entry("dempster", _ => new DempsterRule()),
        Entry("accuracy-weighted", state => new AccuracyPoolRule(state)),
        Entry("stacking", state => new StackingRule(state)),
        Entry("learned", state =>
            new LearnedRule(state ?? throw new ArgumentException("The fusion rule 'learned' needs a trained combiner."))),
    ]);

    private static KeyValuePair<string, Func<CombinerState?, IFusionRule>> Entry(string name, Func<CombinerState?, IFusionRule> make) =>
        KeyValuePair.Create(name, make);
}
