namespace Multimodal.Learning.Fusion;

/// <summary>The fusion rules by name: each entry makes the rule from the combiner's state, which only <c>learned</c> needs.</summary>
public static class FusionRules
{
    /// <summary>Every rule there is.</summary>
    public static NamedTable<Func<CombinerState?, IFusionRule>> Table { get; } = new("fusion rule",
    [
        Entry(_ => new LinearPoolRule(uniform: false)),
        Entry(_ => new LogPoolRule(uniform: false)),
        Entry(_ => new LinearPoolRule(uniform: true)),
        Entry(_ => new LogPoolRule(uniform: true)),
        KeyValuePair.Create<string, Func<CombinerState?, IFusionRule>>("learned", state =>
            new LearnedRule(state ?? throw new ArgumentException("The fusion rule 'learned' needs a trained combiner."))),
    ]);

    private static KeyValuePair<string, Func<CombinerState?, IFusionRule>> Entry(Func<CombinerState?, IFusionRule> make) =>
        KeyValuePair.Create(make(null).Name, make);
}
