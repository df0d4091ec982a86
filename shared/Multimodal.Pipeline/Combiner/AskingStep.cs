using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Combiner;

/// <summary>What to do next with a request.</summary>
internal abstract record AskingStep
{
    private AskingStep()
    {
    }

    /// <summary>Ask these experts.</summary>
    public sealed record Ask(IReadOnlyList<PlannedExpert> Experts) : AskingStep;

    /// <summary>Wait for a reply, at most until then.</summary>
    public sealed record Wait(DateTimeOffset Until) : AskingStep;

    /// <summary>Answer from what has come.</summary>
    public sealed record Answer : AskingStep;
}
