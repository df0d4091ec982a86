using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Combiner;

/// <summary>The next step of a request.</summary>
internal abstract record AskingStep
{
    private AskingStep()
    {
    }

    /// <summary>Ask these experts.</summary>
    public sealed record Ask(IReadOnlyList<PlannedExpert> Experts) : AskingStep;

    /// <summary>Wait for a reply, at most until the given time.</summary>
    public sealed record Wait(DateTimeOffset Until) : AskingStep;

    /// <summary>Answer from the replies so far.</summary>
    public sealed record Answer : AskingStep;
}
